"""A sender can ask what it may send, and that is what holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

LIMITS = "/api/v1/limits"
HOUR_AHEAD = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


class TestLimits:
    def test_are_told_to_everybody(self) -> None:
        told = Client().get(LIMITS).json()
        assert told == {
            "body_bytes": 16_777_216,
            "unpacked_bytes": 67_108_864,
            "events": 10_000,
            "event_bytes": 262_144,
            "nesting": 64,
            "id_characters": 256,
            "resource_id_characters": 1_024,
            "resource_id_bytes": 2_000,
            "event_id_characters": 128,
            "type_characters": 128,
            "name_characters": 1_000,
            "targets": 1_000,
            "user_agent_bytes": 8_192,
            "earliest": "2000-01-01T00:00:00Z",
            "hours_ahead": 24,
        }

    @pytest.mark.parametrize(
        ("setting", "value", "event"),
        [
            ("MAX_NESTING", 8, {"type": "X", "details": {"a": [[[[[[[[0]]]]]]]]}}),
            ("MAX_ID_CHARACTERS", 16, {"type": "X", "actor": {"id": "a" * 17}}),
            ("MAX_EVENT_ID_CHARACTERS", 16, {"type": "X" * 17}),
            ("MAX_NAME_CHARACTERS", 16, {"type": "X", "actor": {"name": "a" * 17}}),
            ("MAX_EVENT_BYTES", 20, {"type": "X", "source": "aaaaaaaa"}),
            ("EARLIEST_YEAR", 2020, {"type": "X", "time": "2019-12-31T23:59:59Z"}),
            ("MAX_AHEAD_HOURS", 0, {"type": "X", "time": HOUR_AHEAD}),
        ],
    )
    def test_are_settings(
        self, post: Any, settings: LazySettings, setting: str, value: int, event: dict[str, Any]
    ) -> None:
        assert post(event).status_code == 201
        settings.AUDIT = {**settings.AUDIT, setting: value}
        assert post(event).status_code == 422
        assert value in Client().get(LIMITS).json().values() or setting == "EARLIEST_YEAR"

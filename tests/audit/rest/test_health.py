"""Probes are told whether it works; how much there is, is for who looks after the installation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token
from audit.models import Maintenance
from tests.clock import began

pytestmark = pytest.mark.django_db
FIGURES = {"free_bytes", "without_position", "without_rollup", "remaining", "rebuilt_at"}


def ready(user: User | None) -> Any:
    headers = {}
    if user is not None:
        _, token = create_read_token(user=user, now=timezone.now())
        headers["Authorization"] = f"Bearer {token}"
    answer = Client().get("/health/ready", headers=headers)
    assert answer.status_code == 200
    return answer.json()["checks"]


class TestReady:
    def test_tells_the_anonymous_no_figures(self) -> None:
        checks = ready(None)
        assert set(checks) == {
            "database",
            "disk",
            "worker",
            "backlog",
            "maintenance",
            "sealing",
        }
        assert all(set(check) == {"ok"} for check in checks.values())

    def test_tells_none_to_who_sees_one_environment(self) -> None:
        checks = ready(User.objects.create_user("reader", sees_everything=True))
        assert all(set(check) == {"ok"} for check in checks.values())

    def test_tells_them_to_who_sees_the_systems_own_log(self) -> None:
        checks = ready(User.objects.create_superuser("root"))
        assert {name for check in checks.values() for name in check} >= FIGURES

    def test_refuses_a_token_that_is_none(self) -> None:
        answer = Client().get("/health/ready", headers={"Authorization": "Bearer slr_x"})
        assert answer.status_code == 401


class TestMaintenance:
    def test_tells_why_a_closed_months_indexes_are_not_rebuilt(self) -> None:
        Maintenance.objects.create(
            leaf="audit_event_202601_1",
            heap_bytes=2**30,
            since=began(),
            tried_at=began(),
            problem="no-room",
        )
        assert ready(None)["maintenance"] == {"ok": False, "reason": "no-room"}


class TestCacheControl:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1/events",
            "/api/v1/limits",
            "/api/v1/no-such",
            "/api/v1/events?x=1",
            "/health/live",
        ],
    )
    def test_no_answer_of_the_api_is_kept(self, path: str) -> None:
        answer = Client().get(path)

        assert "no-store" in answer["Cache-Control"]

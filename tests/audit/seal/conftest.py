"""Environments with a log, and a key that signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.log.registry import environment_number
from audit.record import Origin, SubmittedEvent, record_events
from audit.seal.log_keys import make_key
from tests.factories import EnvironmentFactory

Record = Callable[..., int]


@pytest.fixture
def environment() -> int:
    """The number of the environment prod."""
    EnvironmentFactory()
    return environment_number(psycopg_cursor("default"), "prod")


@pytest.fixture
def record(environment: int) -> Record:
    """Records so many events in prod as one request; returns the receipt's number."""

    def _record(count: int, key: str = "prod") -> int:
        receipt = record_events(
            [SubmittedEvent(type="USER_LOGIN") for _ in range(count)],
            origin=Origin(environment=key),
            received_at=timezone.now(),
        )
        assert receipt.submission_id is not None
        return receipt.submission_id

    return _record


@pytest.fixture
def key_path(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "signing_key.pem"
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": path}
    return path


@pytest.fixture
def key(key_path: Path) -> bytes:
    """The public half of the installation's key."""
    return make_key(using="default", now=timezone.now()).public_key().public_bytes_raw()

"""Somebody who exports, many events, and a worker's making inside of a test's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from audit.export import making
from audit.record import Origin, SubmittedEvent, record_events
from tests.factories import EnvironmentFactory, PersonFactory

MANY = 1_000


@contextmanager
def _reading(using: str) -> Iterator[Any]:
    """The test's own connection: another one would not see what no commit has made visible."""
    try:
        yield connection.connection
    finally:
        connection.connection.execute("CLOSE ALL")


@pytest.fixture
def exports(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of the files."""
    settings.AUDIT = {**settings.AUDIT, "EXPORT_DIRECTORY": str(tmp_path / "exports")}
    monkeypatch.setattr(making, "reading", _reading)
    monkeypatch.setattr(making, "PROGRESS_SECONDS", 0)
    return tmp_path / "exports"


@pytest.fixture
def ann(db: None) -> User:
    EnvironmentFactory()
    return PersonFactory(username="ann", auditor=True)


@pytest.fixture
def events(ann: User) -> None:
    many = [SubmittedEvent(type=f"T{n % 3}", details={"n": n}) for n in range(MANY)]
    record_events(
        many, origin=Origin(environment="prod", sender_id=1), received_at=datetime.now(UTC)
    )

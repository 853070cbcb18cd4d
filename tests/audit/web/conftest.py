"""Three environments, somebody who sees them, a way to make events, and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.record import Origin, SubmittedEvent, record_events
from environments.models import Environment
from tests.factories import EnvironmentFactory, PersonFactory

COLOURS = {"dev": "#1d6fb8", "staging": "#a16207", "prod": "#c2410c"}


@pytest.fixture
def environments(db: None) -> None:
    for key, colour in COLOURS.items():
        if not Environment.objects.filter(key=key).exists():
            EnvironmentFactory(key=key, colour=colour)


@pytest.fixture
def ann(environments: None) -> User:
    return PersonFactory(username="ann", auditor=True)


@pytest.fixture
def browse(client: Client, ann: User) -> Callable[..., Any]:
    """Ask for a page as Ann."""
    client.force_login(ann)

    def get(path: str, **headers: str) -> Any:
        return client.get(path, headers=headers)

    return get


@pytest.fixture
def record(environments: None) -> Callable[..., list[str]]:
    """Record events and return their ids."""

    def send(events: Sequence[SubmittedEvent], environment: str = "prod") -> list[str]:
        receipt = record_events(
            list(events),
            origin=Origin(environment=environment, sender_id=1, sender="billing"),
            received_at=datetime.now(UTC),
        )
        assert [v.problems for v in receipt.verdicts if v.status == "rejected"] == []
        return [str(verdict.id) for verdict in receipt.verdicts]

    return send

"""A log of some events with every part filled, sealed in steps and signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor, Application, Context, Resource, Workspace
from audit.seal.log_keys import make_key
from audit.seal.sealer import Sealer
from audit.verify.findings import Finding
from audit.verify.log import read_log, verify_span
from audit.verify.outside import find_outside
from tests.factories import EnvironmentFactory

STEPS = (1, 255, 300, 40)


def event(number: int) -> SubmittedEvent:
    return SubmittedEvent(
        type="APPLICATION_UPDATE",
        id=f"e{number}",
        workspace=Workspace(id="w1", name="Sales"),
        actor=Actor(id=f"u{number}", name="Zoë", email="zoe@example.com"),
        application=Application(id="a1", gid="g1", name="Orders"),
        resource=Resource(type="application", id="a1", name="Orders"),
        context=Context(ip="192.0.2.7", session="s1", request_id="r1", trace="t1"),
        details={"rows": number},
        source="tests",
    )


@pytest.fixture
def log(db: None, settings: Any, tmp_path: Path) -> None:
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    make_key(using="default", now=timezone.now())
    EnvironmentFactory()
    now, number = timezone.now(), 0
    for step, count in enumerate(STEPS):
        events = [event(number + at) for at in range(count)]
        number += count
        record_events(events, origin=Origin(environment="prod"), received_at=now)
        Sealer(using="default").seal(now=now + timedelta(seconds=2 * step))


@pytest.fixture
def findings(log: None) -> Callable[..., list[Finding]]:
    def find(start: int = 0, end: int = 10_000) -> list[Finding]:
        cursor = psycopg_cursor("default")
        found: list[Finding] = []
        log = read_log(cursor, "prod")
        assert log is not None
        verify_span(cursor, log, start, end, report=found.append)
        find_outside(cursor, log, report=found.append)
        return found

    return find

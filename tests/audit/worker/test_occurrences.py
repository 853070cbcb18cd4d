"""The days of values: the same as SQL says of all events, each sent once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection

from audit.log.day_values import NOTE_ALL
from audit.models import RollupHead, Subject
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Context
from audit.worker import occurrences
from audit.worker.occurrences import KnownValues

from .events import AGENTS, NOW, record, rows, work

Committing = Callable[..., AbstractContextManager[Any]]
pytestmark = pytest.mark.django_db


class TestOccurrences:
    def test_note_the_days_of_values(self) -> None:
        random = Random(11)
        known = KnownValues()
        for _ in range(3):
            record(random, 40)
            work(known)
        every = "SELECT environment, kind, value, day FROM audit_occurrence"
        noted = rows(every)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_occurrence")
            cursor.execute(NOTE_ALL)
        assert noted == rows(every)


OCCURRING = "SELECT kind, value, day FROM audit_occurrence"


class TestKnownValues:
    def test_are_those_that_are_committed(self, committing: Committing) -> None:
        known = KnownValues()
        with connection.cursor() as cursor:
            # A full disk, say, at the last that a round writes but for its progress.
            cursor.execute("ALTER TABLE audit_occurrence ADD CONSTRAINT full_disk CHECK (kind = 0)")
        record_one()
        with committing(execute=True), pytest.raises(psycopg.errors.CheckViolation):
            work(known)
        assert not RollupHead.objects.exists()
        assert not Subject.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_occurrence DROP CONSTRAINT full_disk")
        with committing(execute=True):
            work(known)
        assert rows(OCCURRING)
        assert RollupHead.objects.get().position == 1

    def test_are_not_sent_again(self, committing: Committing) -> None:
        known = KnownValues()
        record_one()
        with committing(execute=True):
            work(known)
        noted = rows(OCCURRING)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_occurrence")
        record_one()
        with committing(execute=True):
            work(known)
        assert not rows(OCCURRING)
        record_one()
        work(KnownValues())
        assert rows(OCCURRING) == noted

    def test_are_at_most_so_many(
        self, committing: Committing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(occurrences, "MAX_KNOWN", 0)
        known = KnownValues()
        record_one()
        with committing(execute=True):
            work(known)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_occurrence")
        record_one()
        work(known)
        assert rows(OCCURRING)


def record_one() -> None:
    ensure_environment("prod")
    event = SubmittedEvent(type="X", time=NOW.isoformat(), context=Context(user_agent=AGENTS[2]))
    record_events([event], origin=Origin(environment="prod"), received_at=NOW)


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Committing) -> Committing:
    """What is to be done on commit is done, where the test's own transaction never ends."""
    return django_capture_on_commit_callbacks

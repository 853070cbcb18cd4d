"""The days of values: the same as SQL says of all events, each sent once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection

from audit.log.cursor import psycopg_cursor
from audit.log.day_values import note_days
from audit.models import RollupHead, Subject
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Context
from audit.worker import value_days
from audit.worker.value_days import KnownValues, backfill_days

from .events import AGENTS, NOW, record, rows, work

Committing = Callable[..., AbstractContextManager[Any]]
pytestmark = pytest.mark.django_db
IDS = "SELECT id FROM audit_event"
DAYS = "SELECT value, environment, month, days FROM audit_valuedays"


class TestValueDays:
    def test_are_noted_as_sql_notes_them(self) -> None:
        random = Random(11)
        known = KnownValues()
        for _ in range(3):
            record(random, 40)
            work(known)
        noted = rows(DAYS)
        forget_days()
        note_days(psycopg_cursor("default"), "true", [id_ for (id_,) in rows(IDS)])
        assert noted == rows(DAYS)

    def test_are_added_to_those_of_the_month(self) -> None:
        record_one()
        work()
        record_one(NOW - timedelta(days=2))
        work()
        day_of_all = rows("SELECT days FROM audit_valuedays WHERE value = 0")
        assert day_of_all == [(1 << NOW.day - 1 | 1 << NOW.day - 3,)]


class TestBackfill:
    def test_notes_what_was_counted_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(value_days, "BACKFILLED_AT_A_TIME", 7)
        random = Random(12)
        record(random, 40)
        work()
        noted = rows(DAYS)
        forget_days()
        begin_backfill()
        steps = 0
        while backfill_days(using="default", known=KnownValues()):
            steps += 1
        assert steps == -(-40 // 7)
        assert rows(DAYS) == noted
        assert not rows("SELECT FROM audit_valuedaysbackfill")

    def test_does_nothing_where_nothing_is_left(self) -> None:
        assert not backfill_days(using="default", known=KnownValues())


class TestKnownValues:
    def test_are_those_that_are_committed(self, committing: Committing) -> None:
        known = KnownValues()
        with connection.cursor() as cursor:
            # A full disk, say, at the last that a round writes but for its progress.
            cursor.execute(
                "ALTER TABLE audit_valuedays ADD CONSTRAINT full_disk CHECK (value = -1)"
            )
        record_one()
        with committing(execute=True), pytest.raises(psycopg.errors.CheckViolation):
            work(known)
        assert not RollupHead.objects.exists()
        assert not Subject.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_valuedays DROP CONSTRAINT full_disk")
        with committing(execute=True):
            work(known)
        assert rows(DAYS)
        assert RollupHead.objects.get().position == 1

    def test_are_not_sent_again(self, committing: Committing) -> None:
        known = KnownValues()
        record_one()
        with committing(execute=True):
            work(known)
        noted = rows(DAYS)
        forget_days()
        record_one()
        with committing(execute=True):
            work(known)
        assert not rows(DAYS)
        record_one()
        work(KnownValues())
        assert rows(DAYS) == noted

    def test_are_at_most_so_many(
        self, committing: Committing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(value_days, "MAX_KNOWN", 0)
        known = KnownValues()
        record_one()
        with committing(execute=True):
            work(known)
        forget_days()
        record_one()
        work(known)
        assert rows(DAYS)


def record_one(at: datetime = NOW) -> None:
    ensure_environment("prod")
    event = SubmittedEvent(type="X", time=at.isoformat(), context=Context(user_agent=AGENTS[2]))
    record_events([event], origin=Origin(environment="prod"), received_at=NOW)


def forget_days() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_valuedays")


def begin_backfill() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_valuedaysbackfill (is_only, reached)"
            " VALUES (true, 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
        )


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Committing) -> Committing:
    """What is to be done on commit is done, where the test's own transaction never ends."""
    return django_capture_on_commit_callbacks

"""Counts grow where they lie: no index learns of a round that adds to them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection

from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Workspace

from .events import NOW, work

pytestmark = pytest.mark.django_db
PEOPLE = range(600)


class TestCounts:
    @pytest.mark.parametrize(
        ("table", "besides"),
        [("audit_rolluphour", 1), ("audit_rollupday", 2), ("audit_subjectcount", 0)],
    )
    def test_have_room_for_another_version_in_their_pages(self, table: str, besides: int) -> None:
        """besides: rows of all workspaces, and of all environments"""
        ensure_environment("prod")
        count(PEOPLE)
        before = updates(table)
        count(PEOPLE[::20])
        updated, in_place = (now - then for now, then in zip(updates(table), before, strict=True))
        assert updated == in_place == len(PEOPLE[::20]) + besides


def count(people: Iterable[int]) -> None:
    """Record and count an event of each person, in a workspace of their own."""
    events = [
        SubmittedEvent(
            type="T",
            time=NOW.isoformat(),
            actor=Actor(id=f"user-{n}"),
            workspace=Workspace(id=f"w-{n}"),
        )
        for n in people
    ]
    record_events(events, origin=Origin(environment="prod", sender_id=1), received_at=NOW)
    work()


def updates(table: str) -> tuple[int, int]:
    """Return how many rows were updated of late, and how many of them within a page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_get_xact_tuples_updated(c.oid),"
            " pg_stat_get_xact_tuples_hot_updated(c.oid) FROM pg_class c WHERE c.relname = %s",
            [table],
        )
        updated, in_place = cursor.fetchone()
    return updated, in_place

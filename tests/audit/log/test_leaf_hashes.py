"""The leaf hash of an event is found in its receipt, however many are asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from audit.log.cursor import psycopg_cursor
from audit.log.leaf_hashes import WHOLE_FOR_ONE_IN, find_leaf_hashes
from audit.record import Origin, Receipt, SubmittedEvent, ensure_environment, record_events
from tests.clock import began

pytestmark = pytest.mark.django_db


def an_hour_ago() -> str:
    return (began() - timedelta(hours=1)).isoformat()


def record(count: int, prefix: str) -> Receipt:
    ensure_environment("prod")
    return record_events(
        [SubmittedEvent(type="X", id=f"{prefix}{n}", time=an_hour_ago()) for n in range(count)],
        origin=Origin(environment="prod", sender_id=1, sender="billing", key_id=1),
        received_at=began(),
    )


class CountedCursor(psycopg.Cursor[Any]):
    statements = 0

    def execute(self, *args: Any, **kwargs: Any) -> CountedCursor:
        self.statements += 1
        return super().execute(*args, **kwargs)


class TestFindLeaves:
    @pytest.mark.parametrize(
        "count",
        [
            pytest.param(3, id="the whole array"),
            pytest.param(WHOLE_FOR_ONE_IN * 2 + 1, id="one picked from many"),
        ],
    )
    def test_finds_what_the_receipt_says(self, count: int) -> None:
        receipt, other = record(count, "a"), record(2, "b")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, submission_id, ordinal FROM audit_event")
            places = {row[0]: row[1:] for row in cursor.fetchall()}
        asked = [receipt.verdicts[1], other.verdicts[0]]
        found = find_leaf_hashes(psycopg_cursor("default"), [places[v.id] for v in asked])
        assert found == {places[v.id]: v.leaf_hash for v in asked}

    def test_asks_once_whatever_is_picked(self) -> None:
        many, few = record(WHOLE_FOR_ONE_IN * 3 + 1, "a"), record(3, "b")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, submission_id, ordinal FROM audit_event")
            places = {row[0]: row[1:] for row in cursor.fetchall()}
        asked = [*many.verdicts[100:98:-1], many.verdicts[0], *few.verdicts]
        counted = CountedCursor(psycopg_cursor("default").connection)
        found = find_leaf_hashes(counted, [places[v.id] for v in asked])
        assert found == {places[v.id]: v.leaf_hash for v in asked}
        assert counted.statements == 1

    def test_finds_nothing_of_a_receipt_that_is_not_there(self) -> None:
        assert find_leaf_hashes(psycopg_cursor("default"), [(0, 0)]) == {}

    def test_finds_nothing_beyond_the_end_of_a_receipt(self) -> None:
        record(1, "a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM audit_submission")
            (number,) = cursor.fetchone()
        assert find_leaf_hashes(psycopg_cursor("default"), [(number, 1)]) == {}

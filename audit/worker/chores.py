"""Makes partitions ahead, and deletes what has expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from django.db import transaction
from django.utils import timezone

from audit.conf import audit_settings
from audit.export.making import expire_exports
from audit.log.cursor import psycopg_cursor
from audit.log.ids import id_floor
from audit.roles import WORKER, acting_as

REJECTED_DAYS = 30
IDEMPOTENCY_HOURS = 24
MONTHS_AHEAD = timedelta(days=62)
MAX_UNSPLIT_EVENTS = 10_000


def do_chores(*, using: str) -> None:
    """Do what is due; each chore is a transaction of its own."""
    for chore in (_make_partitions, _split_crowded, _expire):
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, WORKER):
                chore(cursor)
    expire_exports(using=using, now=timezone.now())


def _make_partitions(cursor: psycopg.Cursor[Any]) -> None:
    ahead = (timezone.now() + MONTHS_AHEAD).date().replace(day=1)
    cursor.execute("SELECT audit_make_partition(%s)", [ahead])


def _split_crowded(cursor: psycopg.Cursor[Any]) -> None:
    crowded = crowded_month(cursor)
    if crowded is not None:
        cursor.execute("SELECT audit_split_before(%s)", [crowded])


def _expire(cursor: psycopg.Cursor[Any]) -> None:
    now = timezone.now()
    cursor.execute(
        "DELETE FROM audit_rejected WHERE received_at < %s", [now - timedelta(days=REJECTED_DAYS)]
    )
    cursor.execute("DELETE FROM audit_rate WHERE due < %s", [now])
    cursor.execute(
        "DELETE FROM audit_rejectedcount WHERE day < %s",
        [(now - timedelta(days=REJECTED_DAYS)).date()],
    )
    cursor.execute(
        "DELETE FROM audit_idempotency WHERE created_at < %s",
        [now - timedelta(hours=IDEMPOTENCY_HOURS)],
    )


def crowded_month(cursor: psycopg.Cursor[Any]) -> date | None:
    """Return the first month, of those that share the "before" partition, that has more than
    CROWDED events and so deserves partitions of its own.
    """
    cursor.execute("SELECT min(m) FROM audit_months() m")
    row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    months = _months(date(audit_settings().EARLIEST_YEAR, 1, 1), row[0])
    floors = [id_floor(_start(month)) for month in months]
    cursor.execute(
        "SELECT b FROM (SELECT width_bucket(e.id, %b::uuid[]) AS b, count(*) AS n"
        f" FROM audit_event e WHERE e.id < '{floors[-1]}' GROUP BY 1) AS by_month"
        " WHERE n > %s AND b > 0 ORDER BY b LIMIT 1",
        [floors, MAX_UNSPLIT_EVENTS],
    )
    found = cursor.fetchone()
    return months[found[0] - 1] if found else None


def _months(first: date, last: date) -> Sequence[date]:
    """Every month from the first to the last, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(count + 1)
    ]


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, month.day, tzinfo=UTC)

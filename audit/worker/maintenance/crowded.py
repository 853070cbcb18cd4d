"""Finds the month that deserves partitions of its own, of those that share "before"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from audit.conf import audit_settings
from audit.log.ids import id_floor

MAX_UNSPLIT_EVENTS = 10_000


def crowded_month(cursor: psycopg.Cursor[Any]) -> date | None:
    """Return the first month, of those that share the "before" partition, that has more than
    MAX_UNSPLIT_EVENTS events and so deserves partitions of its own.
    """
    cursor.execute("SELECT min(m) FROM audit_months() m")
    row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    months = _months(date(audit_settings().EARLIEST_YEAR, 1, 1), row[0])
    floors = [id_floor(_start(month)) for month in months]
    cursor.execute(
        "SELECT b FROM (SELECT width_bucket(e.id, %b::uuid[]) AS b, count(*) AS n"  # noqa: S608 (ids made of times)
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


def before_bytes(cursor: psycopg.Cursor[Any]) -> int:
    """Return how much "before" takes, indexes and all."""
    cursor.execute(
        "SELECT coalesce(sum(pg_total_relation_size(t.relid)), 0)"
        " FROM (VALUES ('audit_event_before'), ('audit_event_target_before')) AS p (name),"
        " pg_partition_tree(to_regclass(p.name)) t"
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0

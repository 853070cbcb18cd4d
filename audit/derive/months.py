"""Divides the log into months, as its partitions lie, and lets one process derive at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg

from audit.errors import Busy
from audit.log.ids import id_floor
from audit.log.one_at_a_time import alone

# The two numbers of the advisory lock of whoever derives again: "audi", "deri".
DERIVE_LOCK = (0x61756469, 0x64657269)
_LOWEST = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Ids in [lower, upper); name: "2026-03", or "before" for all that is older than the first"""

    name: str
    lower: UUID
    upper: UUID


def list_months(
    cursor: psycopg.Cursor[Any], *, first: date | None = None, last: date | None = None
) -> Sequence[Month]:
    """Return the months that have partitions, in order, those before them as one; between
    `first` and `last` (any day of them, both included) where given.
    """
    cursor.execute("SELECT m FROM audit_months() m ORDER BY m")
    starts = [start for (start,) in cursor.fetchall()]
    if not starts:
        return []
    found = [Month(name="before", lower=_LOWEST, upper=_floor(starts[0]))]
    found += [
        Month(name=f"{start:%Y-%m}", lower=_floor(start), upper=_floor(_next(start)))
        for start in starts
    ]
    lower = _floor(first.replace(day=1)) if first else _LOWEST
    upper = _floor(_next(last.replace(day=1))) if last else UUID(int=2**128 - 1)
    return [
        Month(name=month.name, lower=max(month.lower, lower), upper=min(month.upper, upper))
        for month in found
        if month.lower < upper and month.upper > lower
    ]


@contextmanager
def derive_lock(cursor: psycopg.Cursor[Any]) -> Iterator[None]:
    """Hold the lock of whoever derives again. Raises Busy where another process does."""
    with alone(cursor, DERIVE_LOCK) as is_ours:
        if not is_ours:
            raise Busy("Devices or places are being derived again already; let that end first.")
        yield


def _floor(day: date) -> UUID:
    return id_floor(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _next(start: date) -> date:
    return date(start.year + start.month // 12, start.month % 12 + 1, 1)

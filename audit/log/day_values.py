"""Keeps on which days each value occurs, and each two values in one event.

Which days those are decides where a search looks: two values may be frequent and hardly ever meet.
A row of `audit_valuedays` holds the days of one month as bits, so there are few rows. Users and
apps are many: of them the months are kept, and with other values only whether they ever met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any
from uuid import UUID

import psycopg

from audit.facets import FACETS

# The numbers stand in the table. Ids come first: their numbers have 32 bits, those of the others
# 15. Another facet gets the next number, and a migration begins a backfill again.
_NUMBERS = {
    "workspace": 1,
    "actor": 2,
    "application": 3,
    "type": 4,
    "outcome": 5,
    "country": 6,
    "browser": 7,
    "os": 8,
    "device_class": 9,
}
# What of an event is noted, beside its day: facet → column
COLUMNS: Mapping[str, str] = {name: FACETS[name].number_column for name in _NUMBERS}
# Facets → the number of what is kept of them; no facet: of all events. At most 8 bits.
KINDS: Mapping[tuple[str, ...], int] = {
    (): 0,
    **{(name,): number for name, number in _NUMBERS.items()},
    **{(a, b): _NUMBERS[a] * 16 + _NUMBERS[b] for a, b in combinations(_NUMBERS, 2)},
}
_MANY = frozenset(
    facets for facets in KINDS if any(FACETS[name].days == "month" for name in facets)
)
# Kinds of which only the months are kept, and of which only that there ever was such an event
MONTHLY = frozenset(facets for facets in _MANY if len(facets) == 1)
LASTING = _MANY - MONTHLY
ALL_DAYS = 0x7FFFFFFF
# Stands in the place of a month in rows of LASTING.
EVER = -1
_EPOCH = date(1970, 1, 1).toordinal()


def value_key(facets: tuple[str, ...], numbers: Sequence[int]) -> int:
    """Return the key of one value, or of two: 8 bits of the kind, 32 of the first, 16 of the
    second. Of two ids the second is cut, so that two apps may share a row, which does no harm.
    """
    first, second, *_ = (*numbers, 0, 0)
    return KINDS[facets] << 48 | (first & 0xFFFFFFFF) << 16 | (second & 0xFFFF)


@lru_cache(maxsize=10_000)
def month_and_bit(day: int) -> tuple[int, int]:
    """Return the month (since January 1970) and the bit in it, of a day since 1970."""
    at = date.fromordinal(_EPOCH + day)
    return (at.year - 1970) * 12 + at.month - 1, 1 << (at.day - 1)


def first_day(month: int) -> int:
    """Return the day since 1970 with which a month since January 1970 begins."""
    year, number = divmod(month, 12)
    return date(1970 + year, number + 1, 1).toordinal() - _EPOCH


def note_days(cursor: psycopg.Cursor[Any], bounds: str, ids: Sequence[UUID]) -> None:
    """Note when the values of these events occur, whose columns were derived again.

    bounds: literal SQL over `audit_event e`. (Of new events the worker does the same by itself:
    `audit.worker.value_days`.)
    """
    cursor.execute(_NOTE.format(where=f"{bounds} AND e.id = ANY(%b)"), [list(ids)])


def _sql(facets: tuple[str, ...]) -> str:
    """Key, month and days of one kind, as a row of VALUES."""
    columns = [f"e.{COLUMNS[name]}::bigint" for name in facets]
    first, second, *_ = (*columns, "0::bigint", "0::bigint")
    key = f"{KINDS[facets] << 48} | (({first} & 4294967295) << 16) | ({second} & 65535)"
    month = EVER if facets in LASTING else "e.month"
    days = ALL_DAYS if facets in _MANY else "1 << e.day - 1"
    return f"({key}, {month}, {days})"


_NOTE = f"""
INSERT INTO audit_valuedays AS k (value, environment, month, days)
SELECT v.value, e.environment, v.month, bit_or(v.days)
FROM (
    SELECT DISTINCT e.environment, {", ".join(f"e.{column}" for column in COLUMNS.values())},
        (extract(year FROM t.time)::int - 1970) * 12 + extract(month FROM t.time)::int - 1 AS month,
        extract(day FROM t.time)::int AS day
    FROM audit_event e, LATERAL (SELECT (audit_id_time(e.id) AT TIME ZONE 'UTC')::date AS time) AS t
    WHERE {{where}}
) AS e
CROSS JOIN LATERAL (VALUES {", ".join(_sql(facets) for facets in KINDS)}) AS v (value, month, days)
WHERE v.value IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
ON CONFLICT (value, environment, month) DO UPDATE SET days = k.days | excluded.days
WHERE k.days | excluded.days <> k.days
"""  # noqa: S608 (columns and numbers of our own)

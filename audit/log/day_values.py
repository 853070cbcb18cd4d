"""Keeps which values, and which pairs of values, occur on a day.

No index is led by browser, system, device or country: four more would cost a fifth of recording.
Instead a table says on which days each value occurs, alone and in a pair (countries and browsers
also with workspace, type and outcome), and whether it ever occurred with a user or an app: a search
for a rare value, or for two that never occur together, then reads those days alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, product
from typing import Any
from uuid import UUID

import psycopg

from audit.facets import FACETS, Days


def _kept(*days: Days) -> tuple[str, ...]:
    return tuple(name for name, facet in FACETS.items() if facet.days in days)


# Facets that no index is led by, those that are paired with them, and those that are paired without
# a day
UNINDEXED = _kept("alone", "joined")
PAIRED = _kept("partner")
DAYLESS = _kept("ever")
# What of an event is noted, beside its day: facet → column
COLUMNS: Mapping[str, str] = {
    name: FACETS[name].number_column for name in (*UNINDEXED, *PAIRED, *DAYLESS)
}
NO_DAY = date(2000, 1, 1)
_ALONE = tuple((facet,) for facet in UNINDEXED)
# With systems and device classes, too, there would be as many rows as events in a small company.
_PAIRS = (*combinations(UNINDEXED, 2), *product(PAIRED, _kept("joined")))
_EVER = tuple(product(DAYLESS, _kept("joined")))
# The numbers stand in the table: a new kind goes to the end, and a migration runs NOTE_ALL.
KINDS: Mapping[tuple[str, ...], int] = {
    facets: number for number, facets in enumerate((*_ALONE, *_PAIRS, *_EVER), start=1)
}
DAYLESS_KINDS = frozenset(KINDS[facets] for facets in _EVER)
_SHIFT = 16


def pair_value(numbers: Sequence[int]) -> int:
    """Return the number of one value, or of two: 32 signed bits, then 15."""
    return numbers[0] if len(numbers) == 1 else (numbers[0] << _SHIFT) | numbers[1]


def note_occurrences(cursor: psycopg.Cursor[Any], bounds: str, ids: Sequence[UUID]) -> None:
    """Note which values occur in these events, whose columns were derived again.

    bounds: literal SQL over `audit_event e`. (Of new events the worker does the same by itself:
    `audit.worker.occurrences`.)
    """
    cursor.execute(_NOTE.format(where=f"{bounds} AND e.id = ANY(%b)"), [list(ids)])


def _sql(facets: tuple[str, ...]) -> str:
    columns = [f"e.{COLUMNS[facet]}::bigint" for facet in facets]
    return columns[0] if len(columns) == 1 else f"({columns[0]} << {_SHIFT}) | {columns[1]}"


_LISTED = ", ".join(f"e.{column}" for column in COLUMNS.values())
_VALUES = ", ".join(
    f"({number}, {_sql(facets)}, " + (f"DATE '{NO_DAY}')" if facets in _EVER else "e.day)")
    for facets, number in KINDS.items()
)
_NOTE = f"""
INSERT INTO audit_occurrence (environment, kind, value, day)
SELECT DISTINCT e.environment, k.kind, k.value, k.day
FROM (
    SELECT DISTINCT e.environment, {_LISTED},
        (audit_id_time(e.id) AT TIME ZONE 'UTC')::date AS day
    FROM audit_event e WHERE {{where}}
) AS e
CROSS JOIN LATERAL (VALUES {_VALUES}) AS k (kind, value, day)
WHERE k.value IS NOT NULL
ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
"""  # noqa: S608 (columns and numbers of our own)
# Of an installation that has events already (a migration runs it).
NOTE_ALL = _NOTE.format(where="true")

"""Notes which values occur on the days of new events.

Does what `note_occurrences` does in SQL, for the same KINDS, but keeps in memory what this process
has inserted before: most events bring nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

import psycopg

from audit.log.day_values import COLUMNS, DAYLESS_KINDS, KINDS, NO_DAY, pair_value
from audit.log.statements import statement

from .batch import Batch
from .days import days_of

# Of some 200 bytes each.
MAX_KNOWN = 200_000
_FOREVER = (NO_DAY - date(1970, 1, 1)).days
_NOTE = statement("worker", "note_occurrences")

# The day (but of DAYLESS_KINDS), then a number for each facet
_Row = tuple[int, ...]


class KnownValues:
    """Caches which rows are in the table: those that this process committed.

    No row is ever changed or deleted (`Occurrence`), so the cache stays true. It is emptied
    when it would hold more than MAX_KNOWN.
    """

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[int, int], set[_Row]] = defaultdict(set)
        self._size = 0

    def of(self, environment: int, kind: int) -> AbstractSet[_Row]:
        return self._rows[environment, kind]

    def add(self, environment: int, kind: int, rows: AbstractSet[_Row]) -> None:
        if self._size + len(rows) > MAX_KNOWN:
            self._rows.clear()
            self._size = 0
        self._rows[environment, kind] |= rows
        self._size += len(rows)


class OccurrenceTally:
    """Notes which values occur in the events of one environment."""

    def __init__(self, environment: int, *, known: KnownValues) -> None:
        self._environment = environment
        self._known = known
        # kind → rows that are not known
        self._rows: dict[int, set[_Row]] = {kind: set() for kind in KINDS.values()}

    def add(self, batch: Batch) -> None:
        days = days_of(batch.millis, "UTC")
        for facets, kind in KINDS.items():
            values = [batch.columns[COLUMNS[facet]] for facet in facets]
            columns = values if kind in DAYLESS_KINDS else (days, *values)
            rows: set[_Row] = set(zip(*columns, strict=True))
            self._rows[kind] |= rows - self._known.of(self._environment, kind)

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        rows = sorted(
            _stored(kind, row)
            for kind, rows in self._rows.items()
            for row in rows
            if _is_whole(row)
        )
        if rows:
            columns = (list(column) for column in zip(*rows, strict=True))
            cursor.execute(_NOTE, [self._environment, *columns])

    def mark_committed(self) -> None:
        """Cache the rows as known, after the commit."""
        for kind, rows in self._rows.items():
            self._known.add(self._environment, kind, rows)


def _is_whole(row: tuple[int | None, ...]) -> bool:
    return None not in row


def _stored(kind: int, row: _Row) -> tuple[int, int, int]:
    """Kind, value and day as the table has them."""
    if kind in DAYLESS_KINDS:
        return kind, pair_value(row), _FOREVER
    return kind, pair_value(row[1:]), row[0]

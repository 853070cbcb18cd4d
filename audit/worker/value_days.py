"""Notes on which days values occur in new events, and in those of before there was a table of it.

Does what `note_days` does in SQL, for the same KINDS, but keeps in memory what this process has
noted before: most events bring nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from audit.log.cursor import psycopg_cursor
from audit.log.day_values import (
    ALL_DAYS,
    COLUMNS,
    EVER,
    KINDS,
    LASTING,
    MONTHLY,
    month_and_bit,
    value_key,
)
from audit.log.statements import statement
from audit.roles import WORKER, acting_as

from .batch import Batch, millis_of
from .days import days_of

# Of some 200 bytes each.
MAX_KNOWN = 200_000
BACKFILLED_AT_A_TIME = 25_000
_NOTE = statement("worker", "note_days")
_DAILY = KINDS.keys() - MONTHLY - LASTING

# The day since 1970 (of MONTHLY kinds the month, of LASTING ones EVER), then each facet's number
_Row = tuple[int, ...]
_Facets = tuple[str, ...]


class KnownValues:
    """Caches what is in the table: what this process committed.

    No bit is ever cleared (`ValueDays`), so the cache stays true. It is emptied when it would hold
    more than MAX_KNOWN.
    """

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[int, _Facets], set[_Row]] = defaultdict(set)
        self._size = 0

    def of(self, environment: int, facets: _Facets) -> AbstractSet[_Row]:
        return self._rows[environment, facets]

    def add(self, environment: int, facets: _Facets, rows: AbstractSet[_Row]) -> None:
        if self._size + len(rows) > MAX_KNOWN:
            self._rows.clear()
            self._size = 0
        self._rows[environment, facets] |= rows
        self._size += len(rows)


class ValueDaysTally:
    """Notes on which days values occur in the events of one environment."""

    def __init__(self, environment: int, *, known: KnownValues) -> None:
        self._environment = environment
        self._known = known
        # Facets → rows that are not known
        self._rows: dict[_Facets, set[_Row]] = {facets: set() for facets in KINDS}

    def add(self, batch: Batch) -> None:
        days = days_of(batch.millis, "UTC")
        months = [month_and_bit(day)[0] for day in days]
        self._add(_DAILY, days, batch.columns)
        self._add(MONTHLY, months, batch.columns)
        self._add(LASTING, [EVER] * len(days), batch.columns)

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        noted: dict[tuple[int, int], int] = defaultdict(int)
        for facets, rows in self._rows.items():
            for at, *numbers in rows:
                if None in numbers:
                    continue
                month, bit = month_and_bit(at) if facets in _DAILY else (at, ALL_DAYS)
                noted[value_key(facets, numbers), month] |= bit
        if noted:
            rows_ = [(*key, days) for key, days in sorted(noted.items())]
            columns = (list(column) for column in zip(*rows_, strict=True))
            cursor.execute(_NOTE, [self._environment, *columns])

    def mark_committed(self) -> None:
        """Cache the rows as known, after the commit."""
        for facets, rows in self._rows.items():
            self._known.add(self._environment, facets, rows)

    def _add(
        self,
        kinds: Collection[_Facets],
        times: Sequence[int],
        columns: Mapping[str, Sequence[Any]],
    ) -> None:
        # What many events have in common is looked at once.
        used = [name for name in COLUMNS if any(name in facets for facets in kinds)]
        distinct = set(zip(times, *(columns[COLUMNS[name]] for name in used), strict=True))
        ats, *values = zip(*distinct, strict=True)
        by_name = dict(zip(used, values, strict=True))
        for facets in kinds:
            rows: set[_Row] = set(zip(ats, *(by_name[name] for name in facets), strict=True))
            self._rows[facets] |= rows - self._known.of(self._environment, facets)


def backfill_days(*, using: str, known: KnownValues) -> bool:
    """Note the days of the next events that were counted before there was a table of it.

    The newest first, so that first pages are soon as quick as can be. Returns whether there may be
    more.
    """
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, WORKER):
            cursor.execute("SELECT reached FROM audit_valuedaysbackfill FOR UPDATE")
            row = cursor.fetchone()
            if row is None:
                return False
            batches = _batches_below(cursor, row[0])
            if not batches:
                cursor.execute("DELETE FROM audit_valuedaysbackfill")
                return False
            for environment, batch in sorted(batches.items()):
                tally = ValueDaysTally(environment, known=known)
                tally.add(batch)
                tally.write(cursor)
                transaction.on_commit(tally.mark_committed, using=using)
            lowest = min(batch.ids[0] for batch in batches.values())
            cursor.execute("UPDATE audit_valuedaysbackfill SET reached = %s", [UUID(bytes=lowest)])
    return True


def _batches_below(cursor: psycopg.Cursor[Any], high: UUID) -> dict[int, Batch]:
    """Return the next events below an id by their environments; of their columns those noted."""
    names = list(COLUMNS.values())
    cursor.execute(
        f"SELECT e.environment, uuid_send(e.id), {', '.join(f'e.{name}' for name in names)}"  # noqa: S608 (columns of our own, a UUID, a number)
        f" FROM audit_event e WHERE e.id < '{high}'"
        f" ORDER BY e.id DESC LIMIT {BACKFILLED_AT_A_TIME:d}",
        binary=True,
        prepare=False,
    )
    rows: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for environment, *row in cursor:
        rows[environment].append(tuple(row))
    batches = {}
    for environment, found in rows.items():
        ids, *columns = zip(*reversed(found), strict=True)
        batches[environment] = Batch(
            ids=ids,
            millis=[millis_of(id_) for id_ in ids],
            columns=dict(zip(names, columns, strict=True)),
        )
    return batches

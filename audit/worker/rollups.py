"""Counts events by hour and day, in the order of positions, each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import transaction

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.log.statements import statement
from audit.models.rollup import ALL_ENVIRONMENTS, day_cell, hour_cell
from audit.roles import WORKER, acting_as
from audit.vocabulary import types_with

from .arrays import array_text
from .batch import Batch, Receipts, Tally, next_receipts, read_batches
from .days import HOURS, days_of, hours_of
from .subject_counts import SightingTally, SubjectCountTally
from .subjects import SubjectTally
from .value_days import KnownValues, ValueDaysTally
from .zone_rules import zone_rules_digest

_KEYS = "environment, all_workspaces, workspace_id, day"
_ADD = {
    table: f"""
INSERT INTO {table} AS r ({_KEYS}, cells, totals)
SELECT u.environment, u.all_workspaces, u.workspace_id, DATE '1970-01-01' + u.day,
    u.cells::int4[], u.totals::int4[]
FROM unnest(%b::int2[], %b::bool[], %b::text[], %b::int4[], %b::text[], %b::text[])
    AS u ({_KEYS}, cells, totals)
ON CONFLICT ({_KEYS}) DO UPDATE SET (cells, totals) = (
    SELECT array_agg(s.cell ORDER BY s.cell), array_agg(s.total ORDER BY s.cell)
    FROM (
        SELECT c.cell, sum(c.total)::int4 FROM (
            SELECT unnest(r.cells), unnest(r.totals)
            UNION ALL SELECT unnest(excluded.cells), unnest(excluded.totals)
        ) AS c (cell, total) GROUP BY 1
    ) AS s (cell, total)
)
"""  # noqa: S608 (tables and columns of our own)
    for table in ("audit_rolluphour", "audit_rollupday")
}

# Environment, whether of all workspaces, workspace, day
_Key = tuple[int, bool, str, int]


def count_positions(*, using: str, known: KnownValues | None = None) -> int:
    """Count the next events of every environment into the rollups, and note their subjects.

    Returns how many events. Each environment's progress moves in the transaction that counts.
    known: what the process cached in earlier rounds
    """
    cursor = psycopg_cursor(using)
    zone = audit_settings().TIME_ZONE
    cursor.execute(
        statement("worker", "list_uncounted"),
        [zone, zone_rules_digest(zone)],
    )
    return sum(
        _count_environment(
            number, is_system=key == SYSTEM_ENVIRONMENT, using=using, known=known or KnownValues()
        )
        for number, key in cursor.fetchall()
    )


def _count_environment(environment: int, *, is_system: bool, using: str, known: KnownValues) -> int:
    zone = audit_settings().TIME_ZONE
    value_days = ValueDaysTally(environment, known=known)
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, WORKER):
            start = _lock_progress(cursor, environment, zone)
            receipts = next_receipts(cursor, environment, start)
            sign_ins = registry.EVENT_TYPES.find(cursor, types_with("sign_in"), using=using)
            tallies = (
                RollupTally(environment, zone=zone, is_system=is_system),
                SubjectCountTally(environment, zone=zone),
                SightingTally(environment, sign_ins=frozenset(sign_ins.values())),
                SubjectTally(environment),
                value_days,
            )
            _count(cursor, environment, receipts, tallies)
        transaction.on_commit(value_days.mark_committed, using=using)
    return len(receipts.ids)


def _count(
    cursor: psycopg.Cursor[Any], environment: int, receipts: Receipts, tallies: Sequence[Tally]
) -> None:
    for batch in read_batches(cursor, environment, receipts.ids):
        for tally in tallies:
            tally.add(batch)
    for tally in tallies:
        tally.write(cursor)
    cursor.execute(
        "UPDATE audit_rolluphead SET position = %s WHERE environment = %s",
        [receipts.end, environment],
    )


def _lock_progress(cursor: psycopg.Cursor[Any], environment: int, zone: str) -> int:
    """Return the first position that is not counted; all is counted again where the zone is
    another one, or has other rules.
    """
    days = [zone, zone_rules_digest(zone)]
    cursor.execute(
        "INSERT INTO audit_rolluphead (environment, position, time_zone, zone_rules)"
        " VALUES (%s, 0, %s, %s) ON CONFLICT DO NOTHING",
        [environment, *days],
    )
    cursor.execute("SELECT 1 FROM audit_rolluphead WHERE (time_zone, zone_rules) <> (%s, %s)", days)
    if cursor.fetchone():
        cursor.execute("DELETE FROM audit_rolluphour")
        cursor.execute("DELETE FROM audit_rollupday")
        cursor.execute("DELETE FROM audit_subjectcount")
        cursor.execute(
            "UPDATE audit_rolluphead SET position = 0, time_zone = %s, zone_rules = %s", days
        )
    cursor.execute(
        "SELECT position FROM audit_rolluphead WHERE environment = %s FOR UPDATE", [environment]
    )
    row = cursor.fetchone()
    assert row is not None  # inserted above if it was not there
    return int(row[0])


class RollupTally:
    """Counts events by hour and by day."""

    def __init__(self, environment: int, *, zone: str, is_system: bool) -> None:
        self._environment = environment
        self._zone = zone
        self._is_system = is_system
        # (hour or day, workspace, type, outcome) → events
        self._hours: Counter[tuple[int, str, int, int | None]] = Counter()
        self._days: Counter[tuple[int, str, int, int | None]] = Counter()

    def add(self, batch: Batch) -> None:
        rest = (batch.workspaces, batch.columns["type"], batch.columns["outcome"])
        self._hours.update(zip(hours_of(batch.millis), *rest, strict=True))
        self._days.update(zip(days_of(batch.millis, self._zone), *rest, strict=True))

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        """Each event counts for its workspace and for all, in days for all environments, too."""
        number = self._environment
        hours: defaultdict[_Key, Counter[int]] = defaultdict(Counter)
        for (hour, workspace, type_, outcome), count in self._hours.items():
            day, hour_of_day = divmod(hour, HOURS)
            cell = hour_cell(type_, hour_of_day, outcome or 0)
            hours[number, False, workspace, day][cell] += count
            hours[number, True, "", day][cell] += count
        days: defaultdict[_Key, Counter[int]] = defaultdict(Counter)
        for (day, workspace, type_, outcome), count in self._days.items():
            cell = day_cell(type_, outcome or 0)
            days[number, False, workspace, day][cell] += count
            days[number, True, "", day][cell] += count
            if not self._is_system:
                days[ALL_ENVIRONMENTS, True, "", day][cell] += count
        _add_up(cursor, "audit_rolluphour", hours)
        _add_up(cursor, "audit_rollupday", days)


def _add_up(
    cursor: psycopg.Cursor[Any], table: str, counts: Mapping[_Key, Mapping[int, int]]
) -> None:
    """In sorted order, so that whoever else writes them can't make a deadlock of it."""
    if rows := [(*key, *_arrays(cells)) for key, cells in sorted(counts.items())]:
        cursor.execute(_ADD[table], [list(column) for column in zip(*rows, strict=True)])


def _arrays(cells: Mapping[int, int]) -> tuple[str, str]:
    """Cells in ascending order and their totals, as arrays are written in SQL."""
    ordered = sorted(cells)
    return array_text(ordered), array_text(cells[cell] for cell in ordered)

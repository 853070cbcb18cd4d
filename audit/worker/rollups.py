"""Counts events by hour and day, in the order of positions, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import transaction

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.log.statements import statement
from audit.models.rollup import ALL_ENVIRONMENTS
from audit.roles import WORKER, acting_as
from audit.vocabulary import types_with

from .batch import Batch, Receipts, Tally, next_receipts, read_batches
from .days import days_of, hours_of
from .occurrences import KnownValues, OccurrenceTally
from .subject_counts import SightingTally, SubjectCountTally
from .subjects import SubjectTally
from .zone_rules import zone_rules_digest

_SUMS = ("total", "success", "failure", "denied")
_ADD = ", ".join(f"{name} = r.{name} + excluded.{name}" for name in _SUMS)
_UNNESTED = ", ".join(["%b::int4[]"] * len(_SUMS))
_HOURS = f"""
INSERT INTO audit_rolluphour AS r
    (environment, hour, workspace_id, type, {", ".join(_SUMS)})
SELECT %s, to_timestamp(u.hour * 3600.0), u.workspace_id, u.type, {", ".join(_SUMS)}
FROM unnest(%b::int4[], %b::text[], %b::int2[], {_UNNESTED})
    AS u (hour, workspace_id, type, {", ".join(_SUMS)})
ON CONFLICT (environment, hour, workspace_id, type) DO UPDATE SET {_ADD}
"""  # noqa: S608 (columns of our own)
_DAYS = f"""
INSERT INTO audit_rollupday AS r
    (environment, day, all_workspaces, workspace_id, type, {", ".join(_SUMS)})
SELECT u.environment, DATE '1970-01-01' + u.day, u.all_workspaces, u.workspace_id, u.type,
    {", ".join(_SUMS)}
FROM unnest(%b::int2[], %b::int4[], %b::bool[], %b::text[], %b::int2[], {_UNNESTED})
    AS u (environment, day, all_workspaces, workspace_id, type, {", ".join(_SUMS)})
ON CONFLICT (environment, day, all_workspaces, workspace_id, type) DO UPDATE SET {_ADD}
"""  # noqa: S608 (columns of our own)


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
    occurrences = OccurrenceTally(environment, known=known)
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
                occurrences,
            )
            _count(cursor, environment, receipts, tallies)
        transaction.on_commit(occurrences.mark_committed, using=using)
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
        _add_up(cursor, _HOURS, _with_outcomes(self._hours), self._environment)
        _add_up(cursor, _DAYS, self._lattice())

    def _lattice(self) -> dict[tuple[Any, ...], list[int]]:
        """Each event counts for its environment and for all, its workspace and all."""
        rows: dict[tuple[Any, ...], list[int]] = {}
        numbers = [self._environment]
        if not self._is_system:
            numbers.append(ALL_ENVIRONMENTS)
        for (day, workspace, type_), sums in _with_outcomes(self._days).items():
            for number in numbers:
                for key in (
                    (number, day, False, workspace, type_),
                    (number, day, True, "", type_),
                ):
                    known = rows.get(key)
                    rows[key] = [a + b for a, b in zip(known, sums, strict=True)] if known else sums
        return rows


def _with_outcomes(
    counts: Counter[tuple[int, str, int, int | None]],
) -> dict[tuple[int, str, int], list[int]]:
    """Return key without outcome → the values of _SUMS."""
    rows: dict[tuple[int, str, int], list[int]] = {}
    for (*key, outcome), count in counts.items():
        sums = rows.setdefault(tuple(key), [0] * len(_SUMS))  # type: ignore[arg-type]
        sums[0] += count
        if outcome:
            sums[outcome] += count
    return rows


def _add_up(
    cursor: psycopg.Cursor[Any],
    statement: str,
    rows: dict[Any, list[int]],
    *before: int,
) -> None:
    listed = [(*key, *sums) for key, sums in sorted(rows.items())]
    columns = [list(column) for column in zip(*listed, strict=True)]
    cursor.execute(statement, [*before, *columns])

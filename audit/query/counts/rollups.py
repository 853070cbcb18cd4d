"""Counts from the rollups, and adds what they don't have yet.

The worker counts in the order of positions. Which receipts it has not counted yet is read in the
same statement as the counts, and their events are counted from the table, so that no event is
missed or counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.log.cursor import psycopg_cursor
from audit.models.rollup import ALL_ENVIRONMENTS, HOUR_BITS, OUTCOME_BITS
from audit.query.search.conditions import (
    Condition,
    environment_numbers,
    facet_conditions,
    joined,
    types_elsewhere,
)
from audit.query.search.event_query import EventQuery

from .series import Range, Series, Split, count_ranges

_OF_CELLS = frozenset({"type", "group", "outcome"})
SERVED = _OF_CELLS | {"workspace"}
HOURS = 24
_HOUR_SECONDS = 3_600

# Receipts that no rollup holds yet.
FRESH = (
    "SELECT w.submission_id FROM audit_pending w"
    " UNION ALL SELECT p.submission_id FROM audit_loghead h"
    " LEFT JOIN audit_rolluphead rh ON rh.environment = h.environment"
    " JOIN audit_position p ON p.environment = h.environment"
    " AND p.first >= coalesce(rh.position, 0)"
)
# The events of these receipts, as `audit_event e`. Their ids are found first: as a join, what is
# expected of them can mislead the planner into reading every event there is.
UNCOUNTED = (
    "audit_event e WHERE e.id = ANY(ARRAY(SELECT unnest(s.event_ids) FROM audit_submission s"  # noqa: S608 (a constant of this module)
    f" JOIN ({FRESH}) AS fresh ON fresh.submission_id = s.id))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupSpan(Range):
    """One that rollups know: its edges are on hours, or on days of the installation's zone."""

    unit: Literal["hour", "day"]


def is_served(query: EventQuery, *, besides: Collection[str] = ()) -> bool:
    """Do the rollups know all that this search filters by, besides what is named?"""
    named = frozenset(query.include) | frozenset(query.exclude) | query.unfaceted
    if not named <= {*SERVED, *besides}:
        return False
    return named.isdisjoint(("type", "group")) or not types_elsewhere(
        psycopg_cursor(audit_settings().READER_DATABASE), query
    )


def among_receipts(submissions: Sequence[int]) -> Condition:
    """Return the condition of being an event of one of these receipts."""
    ids = "SELECT unnest(s.event_ids) FROM audit_submission s WHERE s.id = ANY(%b)"
    return Condition(f"e.id = ANY(ARRAY({ids}))", (list(submissions),))


def count_by_rollup(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    pieces: Sequence[RollupSpan],
    *,
    split: frozenset[Split],
) -> list[Series]:
    """Count the events of these pieces, told apart by what `split` says."""
    parts = [_piece(cursor, query, piece, split) for piece in pieces]
    cursor.execute(
        f"SELECT NULL::int, NULL::int, NULL::int, NULL::int[], ARRAY({FRESH})"  # noqa: S608 (a constant, and parts that bind their values)
        " UNION ALL SELECT u.environment, u.type, u.outcome, array_agg(u.bucket), array_agg(u.n)"
        f" FROM ({' UNION ALL '.join(part.sql for part in parts)}) AS u GROUP BY 1, 2, 3",
        [value for part in parts for value in part.params],
        binary=True,
    )
    fresh: list[int] = []
    found = []
    for environment, type_, outcome, buckets, counts in cursor:
        if environment is None:
            fresh = counts
        else:
            found.append(Series(environment, type_, outcome, buckets, counts))
    if fresh:
        found += _count_fresh(cursor, query, pieces, fresh, split)
    return found


def cell_conditions(cursor: psycopg.Cursor[Any], query: EventQuery) -> list[Condition]:
    """Return the filters by type, group and outcome over the columns of cells that are told apart
    (`r.type`, `r.outcome`; 0 for no outcome).
    """
    served = EventQuery(
        scope=query.scope,
        include={k: v for k, v in query.include.items() if k in _OF_CELLS},
        exclude={k: v for k, v in query.exclude.items() if k in _OF_CELLS},
    )
    indexed, residual = facet_conditions(cursor, served)
    return [
        Condition(c.sql.replace("e.type", "r.type").replace("e.outcome", "r.outcome"), c.params)
        for c in indexed + residual
    ]


def workspace_conditions(query: EventQuery) -> list[Condition]:
    """Return the filters by workspace over `r.workspace_id`."""
    return [
        Condition(f"{sign}r.workspace_id = ANY(%s)", (list(values),))
        for values, sign in (
            (query.include.get("workspace"), ""),
            (query.exclude.get("workspace"), "NOT "),
        )
        if values
    ]


def scope_of_counts(cursor: psycopg.Cursor[Any], query: EventQuery) -> Condition:
    """Return the scope over rows that hold environment and workspace."""
    ways, params = [], []
    for key, number in sorted(environment_numbers(cursor, query).items()):
        allowed = query.scope.grants[key]
        if allowed is None:
            ways.append(f"r.environment = {number}")
        else:
            ways.append(f"(r.environment = {number} AND r.workspace_id = ANY(%s))")
            params.append(sorted(allowed))
    return Condition(" OR ".join(ways) or "false", tuple(params))


def told_apart(split: frozenset[Split]) -> str:
    """Return the columns environment, type and outcome of `r`, 0 for what is not told apart."""
    return ", ".join(
        f"r.{name}::int AS {name}" if name in split else f"0 AS {name}"
        for name in ("environment", "type", "outcome")
    )


def _piece(
    cursor: psycopg.Cursor[Any], query: EventQuery, piece: RollupSpan, split: frozenset[Split]
) -> Condition:
    """(environment, type, outcome, bucket, n) of one piece; several rows of one bucket add up."""
    is_daily = piece.unit == "day"
    scoped, is_of_all = _rollup_scope(cursor, query, is_daily and "environment" not in split)
    zone = ZoneInfo(audit_settings().TIME_ZONE) if is_daily else UTC
    marks: list[Any] = [edge.astimezone(zone).date() for edge in piece.edges]
    within = Condition("r.day BETWEEN %s AND %s", (marks[0], marks[-1]))
    of_all = Condition(f"{'' if is_of_all else 'NOT '}r.all_workspaces")
    rows = joined([scoped, of_all, within, *workspace_conditions(query)])
    cells = (
        "SELECT r.environment, r.day, unnest(r.cells) AS cell, unnest(r.totals) AS total"  # noqa: S608 (tables of our own, conditions that bind their values)
        f" FROM audit_rollup{piece.unit} r WHERE {rows.sql}"
    )
    at, type_ = "c.day", f"c.cell >> {OUTCOME_BITS}"
    if not is_daily:
        marks = [int(edge.timestamp()) // _HOUR_SECONDS for edge in piece.edges]
        hour = f"c.cell >> {OUTCOME_BITS} & {2**HOUR_BITS - 1}"
        at = f"(c.day - '1970-01-01'::date) * {HOURS} + ({hour})"
        type_ = f"c.cell >> {OUTCOME_BITS + HOUR_BITS}"
    source = (
        f"(SELECT c.environment, {at} AS at, {type_} AS type,"  # noqa: S608 (parts that are made above)
        f" c.cell & {2**OUTCOME_BITS - 1} AS outcome, c.total FROM ({cells}) AS c) AS r"
    )
    bounds = Condition("r.at >= %s AND r.at < %s", (marks[0], marks[-1]))
    where = joined([bounds, *cell_conditions(cursor, query)])
    bucket = _bucket(is_daily, marks, piece.first)
    counted = f"SELECT {told_apart(split)}, {bucket.sql} AS bucket, r.total::bigint AS n"
    counted = f"{counted} FROM {source} WHERE {where.sql}"
    if not (is_daily and is_of_all and "type" in split):
        counted = (
            "SELECT v.environment, v.type, v.outcome, v.bucket, sum(v.n)::bigint AS n"  # noqa: S608 (parts that are made above)
            f" FROM ({counted}) AS v GROUP BY 1, 2, 3, 4"
        )
    return Condition(counted, bucket.params + rows.params + where.params)


def _bucket(is_daily: bool, marks: Sequence[Any], first: int) -> Condition:
    """The number of the bucket of a row. marks: between the buckets, days or hours since 1970"""
    if len(marks) == 2:
        return Condition(f"{first:d}")
    if is_daily and (marks[-2] - marks[0]).days == len(marks) - 2:
        # Days in a row, as they are but where a zone once left one out.
        return Condition(f"r.at - '{marks[0]}'::date + {first:d}")
    kind = "date[]" if is_daily else "int[]"
    return Condition(f"width_bucket(r.at, %s::{kind}) + {first - 1:d}", (list(marks),))


def _count_fresh(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    pieces: Sequence[RollupSpan],
    submissions: Sequence[int],
    split: frozenset[Split],
) -> list[Series]:
    """Count the events of these receipts from the table, in the pieces alone."""
    return count_ranges(cursor, query, pieces, split=split, among=among_receipts(submissions))


def _rollup_scope(
    cursor: psycopg.Cursor[Any], query: EventQuery, may_merge: bool
) -> tuple[Condition, bool]:
    """The scope over rollup rows, and whether rows of all workspaces are read."""
    numbers = environment_numbers(cursor, query)
    if any(query.scope.grants[key] is not None for key in numbers) or "workspace" in {
        *query.include,
        *query.exclude,
    }:
        return scope_of_counts(cursor, query), False
    listed = set(numbers.values())
    if listed and may_merge and (counted := _counted_environments(cursor)) <= numbers.keys():
        listed -= {numbers[key] for key in counted}
        listed.add(ALL_ENVIRONMENTS)
    return Condition(
        f"r.environment IN ({', '.join(map(str, sorted(listed)))})" if listed else "false"
    ), True


def _counted_environments(cursor: psycopg.Cursor[Any]) -> frozenset[str]:
    """The environments that are counted under ALL_ENVIRONMENTS: all but the system's own."""
    cursor.execute("SELECT key FROM audit_environment WHERE key <> %s", [SYSTEM_ENVIRONMENT])
    return frozenset(row[0] for row in cursor)

"""Counts from the rollups, and adds what they don't have yet.

The worker counts in the order of positions. Which receipts it has not counted yet is read in the
same statement as the counts, and their events are counted from the table, so that no event is
missed or counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.log.cursor import psycopg_cursor
from audit.log.registry import OUTCOME_NUMBERS
from audit.models.rollup import ALL_ENVIRONMENTS
from audit.query.search.conditions import (
    Condition,
    environment_numbers,
    facet_conditions,
    joined,
    types_elsewhere,
)
from audit.query.search.event_query import EventQuery

from .series import Range, Series, Split, count_ranges

SERVED = frozenset({"workspace", "type", "group", "outcome"})

# What a rollup row counts towards each outcome; 0 stands for "none given".
_OUTCOMES = {
    1: "r.success",
    2: "r.failure",
    3: "r.denied",
    0: "r.total - r.success - r.failure - r.denied",
}
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


def is_served(query: EventQuery) -> bool:
    """Do the rollups know all that this search filters by?"""
    named = frozenset(query.include) | frozenset(query.exclude) | query.unfaceted
    if not named <= SERVED:
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
    wanted = _outcomes(query)
    if not wanted:
        return []
    measures = {n: _OUTCOMES[n] for n in wanted} if "outcome" in split else {0: _sum_of(wanted)}
    parts = [_piece(cursor, query, piece, split, list(measures.values())) for piece in pieces]
    arrays = ", ".join(
        f"array_agg(u.bucket) {each}, array_agg(u.n{i}) {each}"
        for i, outcome in enumerate(measures)
        for each in ("" if measures[outcome] == "r.total" else f"FILTER (WHERE u.n{i} <> 0)",)
    )
    nothing = ", NULL, NULL" * (len(measures) - 1)
    cursor.execute(
        f"SELECT NULL, NULL, NULL::int[], ARRAY({FRESH}){nothing}"  # noqa: S608 (a constant, and parts that bind their values)
        f" UNION ALL SELECT u.environment, u.type, {arrays}"
        f" FROM ({' UNION ALL '.join(part.sql for part in parts)}) AS u GROUP BY 1, 2",
        [value for part in parts for value in part.params],
        binary=True,
    )
    fresh: list[int] = []
    found = []
    for environment, type_, *told in cursor:
        if environment is None:
            fresh = told[1]
            continue
        for outcome, buckets, counts in zip(measures, told[::2], told[1::2], strict=True):
            if buckets:
                found.append(Series(environment, type_, outcome, buckets, counts))
    if fresh:
        found += _count_fresh(cursor, query, pieces, fresh, split)
    return found


def _piece(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    piece: RollupSpan,
    split: frozenset[Split],
    measures: Sequence[str],
) -> Condition:
    """(environment, type, bucket, n0, n1, …) of one piece; several rows of one bucket add up."""
    is_daily = piece.unit == "day"
    table = "audit_rollupday" if is_daily else "audit_rolluphour"
    scoped, is_whole = _rollup_scope(cursor, query, is_daily and "environment" not in split)
    is_of_all = is_whole and "workspace" not in {*query.include, *query.exclude}
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    marks: list[date] = [e.astimezone(zone).date() if is_daily else e for e in piece.edges]
    conditions = [
        Condition(f"r.{piece.unit} >= %s AND r.{piece.unit} < %s", (marks[0], marks[-1])),
        scoped,
        *_facets(cursor, query),
    ]
    if is_daily:
        conditions.append(Condition("r.all_workspaces" if is_of_all else "NOT r.all_workspaces"))
    where = joined(conditions)
    keys = ", ".join(
        f"r.{name}::int AS {name}" if name in split else f"0 AS {name}"
        for name in ("environment", "type")
    )
    bucket = _bucket(piece.unit, marks, piece.first)
    told = ", ".join(f"({sql})::bigint AS n{i}" for i, sql in enumerate(measures))
    rows = f"SELECT {keys}, {bucket.sql} AS bucket, {told} FROM {table} r WHERE {where.sql}"  # noqa: S608 (tables and columns of our own, conditions that bind their values)
    if not (is_daily and is_of_all and "type" in split):
        sums = ", ".join(f"sum(v.n{i})::bigint AS n{i}" for i in range(len(measures)))
        rows = f"SELECT v.environment, v.type, v.bucket, {sums} FROM ({rows}) AS v GROUP BY 1, 2, 3"  # noqa: S608 (parts that are made above)
    return Condition(rows, bucket.params + where.params)


def _bucket(unit: str, marks: Sequence[date], first: int) -> Condition:
    """The number of the bucket of a row. marks: between the buckets, as its column has them"""
    if len(marks) == 2:
        return Condition(f"{first:d}")
    if unit == "day" and (marks[-2] - marks[0]).days == len(marks) - 2:
        # Days in a row, as they are but where a zone once left one out.
        return Condition(f"r.day - '{marks[0]}'::date + {first:d}")
    kind = "date[]" if unit == "day" else "timestamptz[]"
    return Condition(f"width_bucket(r.{unit}, %s::{kind}) + {first - 1:d}", (list(marks),))


def _outcomes(query: EventQuery) -> list[int]:
    """The numbers of the outcomes that the query lets through."""
    included, excluded = query.include.get("outcome"), query.exclude.get("outcome", ())
    let = [OUTCOME_NUMBERS[value] for value in included] if included else list(_OUTCOMES)
    return [n for n in _OUTCOMES if n in let and n not in {OUTCOME_NUMBERS[v] for v in excluded}]


def _sum_of(outcomes: Sequence[int]) -> str:
    if len(outcomes) == len(_OUTCOMES):
        return "r.total"
    return " + ".join(_OUTCOMES[n] for n in outcomes)


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
    """The scope over rollup rows, and whether rows of all workspaces may be read."""
    numbers = environment_numbers(cursor, query)
    bound = {k: w for k, w in query.scope.grants.items() if w is not None and k in numbers}
    if not numbers:
        return Condition("false"), False
    if not bound:
        listed = set(numbers.values())
        if may_merge and (counted := _counted_environments(cursor)) <= numbers.keys():
            listed -= {numbers[key] for key in counted}
            listed.add(ALL_ENVIRONMENTS)
        return Condition(f"r.environment IN ({', '.join(map(str, sorted(listed)))})"), True
    ways, params = [], []
    for key, number in sorted(numbers.items()):
        if key in bound:
            ways.append(f"(r.environment = {number} AND r.workspace_id = ANY(%s))")
            params.append(sorted(bound[key]))
        else:
            ways.append(f"r.environment = {number}")
    return Condition(" OR ".join(ways), tuple(params)), False


def _counted_environments(cursor: psycopg.Cursor[Any]) -> frozenset[str]:
    """The environments that are counted under ALL_ENVIRONMENTS: all but the system's own."""
    cursor.execute("SELECT key FROM audit_environment WHERE key <> %s", [SYSTEM_ENVIRONMENT])
    return frozenset(row[0] for row in cursor)


def _facets(cursor: psycopg.Cursor[Any], query: EventQuery) -> list[Condition]:
    """The filters over rollup rows but outcomes: workspaces by their text, types by number."""
    served = EventQuery(
        scope=query.scope,
        include={k: v for k, v in query.include.items() if k in ("type", "group")},
        exclude={k: v for k, v in query.exclude.items() if k in ("type", "group")},
    )
    indexed, residual = facet_conditions(cursor, served)
    found = [Condition(c.sql.replace("e.type", "r.type"), c.params) for c in indexed + residual]
    for values, sign in (
        (query.include.get("workspace"), ""),
        (query.exclude.get("workspace"), "NOT "),
    ):
        if values:
            found.append(Condition(f"{sign}r.workspace_id = ANY(%s)", (list(values),)))
    return found

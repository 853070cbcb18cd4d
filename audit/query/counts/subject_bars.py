"""Counts the events of a user or an app by day, from what the worker counts of each.

What it has not counted yet is added as the rollups do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import audit_settings
from audit.models.subject_count import (
    ANY_TYPE,
    COUNTED_KINDS,
    DAY_SHIFT,
    OUTCOME_BITS,
    TYPE_BITS,
    month_number,
)
from audit.query.search.conditions import Condition, joined
from audit.query.search.event_query import EventQuery

from .rollups import (
    FRESH,
    RollupSpan,
    among_receipts,
    cell_conditions,
    is_served,
    scope_of_counts,
    told_apart,
    workspace_conditions,
)
from .series import Series, Split, count_ranges

SUBJECTS = ("actor", "application")


def is_of_subject(query: EventQuery) -> bool:
    """Is this a search for users or for apps, whose other filters the counts of subjects know?"""
    by = [name for name in SUBJECTS if name in query.include]
    return len(by) == 1 and by[0] not in query.exclude and is_served(query, besides=by)


def count_by_subject(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    pieces: Sequence[RollupSpan],
    *,
    split: frozenset[Split],
) -> list[Series] | None:
    """Return the counts of these pieces, all of whole days, told apart by what `split` says; or
    None where some were counted before types were told apart.

    query: one that `is_of_subject`
    """
    parts = [_piece(cursor, query, piece, split) for piece in pieces]
    cursor.execute(
        f"SELECT NULL::int, NULL::int, NULL::int, NULL::int[], ARRAY({FRESH}), NULL::bool"  # noqa: S608 (a constant, and parts that bind their values)
        " UNION ALL SELECT u.environment, u.type, u.outcome, array_agg(u.bucket),"
        " array_agg(u.n::bigint), bool_or(u.is_any)"
        f" FROM ({' UNION ALL '.join(part.sql for part in parts)}) AS u GROUP BY 1, 2, 3",
        [value for part in parts for value in part.params],
        binary=True,
    )
    fresh: list[int] = []
    found = []
    for environment, type_, outcome, buckets, counts, is_any in cursor:
        if is_any:
            return None
        if environment is None:
            fresh = counts
        else:
            found.append(Series(environment, type_, outcome, buckets, counts))
    if fresh:
        found += count_ranges(cursor, query, pieces, split=split, among=among_receipts(fresh))
    return found


def _piece(
    cursor: psycopg.Cursor[Any], query: EventQuery, piece: RollupSpan, split: frozenset[Split]
) -> Condition:
    """(environment, type, outcome, bucket, n, whether of all types) of one piece."""
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    days = [edge.astimezone(zone).date() for edge in piece.edges]
    name = next(name for name in SUBJECTS if name in query.include)
    subjects = Condition(
        "r.kind = %s AND r.month = ANY(%s) AND r.subject_id = ANY(%s)",
        (COUNTED_KINDS[name], _months(days[0], days[-1]), list(query.include[name])),
    )
    rows = joined([scope_of_counts(cursor, query), subjects, *workspace_conditions(query)])
    source = (
        "(SELECT r.environment, (DATE '1970-01-01' + make_interval(months => r.month))::date"  # noqa: S608 (numbers of our own, conditions that bind their values)
        f" + (c.cell >> {DAY_SHIFT}) AS at,"
        f" c.cell >> {OUTCOME_BITS} & {2**TYPE_BITS - 1} AS type,"
        f" c.cell & {2**OUTCOME_BITS - 1} AS outcome, c.total FROM audit_subjectcount r"
        " CROSS JOIN LATERAL (SELECT k.cell, k.sum - lag(k.sum, 1, 0) OVER (ORDER BY k.cell)"
        f" AS total FROM unnest(r.cells, r.sums) AS k (cell, sum)) AS c WHERE {rows.sql}) AS r"
    )
    bounds = Condition("r.at >= %s AND r.at < %s", (days[0], days[-1]))
    told = joined(cell_conditions(cursor, query))
    bucket = f"width_bucket(r.at, %s::date[]) + {piece.first - 1:d}"
    return Condition(
        f"SELECT {told_apart(split)}, {bucket} AS bucket, sum(r.total) AS n,"  # noqa: S608 (parts that are made above)
        f" bool_or(r.type = {ANY_TYPE}) AS is_any FROM {source}"
        f" WHERE ({bounds.sql}) AND (r.type = {ANY_TYPE} OR ({told.sql})) GROUP BY 1, 2, 3, 4",
        (days, *rows.params, *bounds.params, *told.params),
    )


def _months(start: date, end: date) -> list[int]:
    return list(range(month_number(start), month_number(end) + 1))

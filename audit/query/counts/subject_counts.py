"""Counts events of each user, app, data source or workspace, for several searches.

Read from the days that the worker counts, plus what it has not counted yet, in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.models.subject_count import COUNTED_KINDS, MAX_CELL, month_number, subject_cell
from audit.query.directory.identity import KINDS, Dimension, joins_sql, key_sql, seen_sql
from audit.query.search.conditions import (
    Condition,
    bounds_condition,
    facet_conditions,
    joined,
    scope_condition,
)
from audit.query.search.event_query import EventQuery
from audit.vocabulary.things import KINDS as THINGS

from .rollups import UNCOUNTED, scope_of_counts, workspace_conditions

SERVED = frozenset({"workspace"})
MAX_IDS = 50
_DATA_SOURCES = ", ".join(f"'{kind}'" for kind in THINGS["data_source"].resource_types)
# What of an event that no day holds yet is counted.
_EVENT_IDS: dict[Dimension, str] = {
    "actor": "e.actor_id",
    "application": "e.application_id",
    "data_source": f"CASE WHEN e.resource_type IN ({_DATA_SOURCES}) THEN e.resource_id END",
    "workspace": "e.workspace_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """counts: one a search; ids: a search's, those with the most events first; of more than
    MAX_IDS one too many, which tells that there are others
    """

    key: str
    name: str | None
    counts: tuple[int, ...]
    ids: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectCounts:
    """rows: most events first, up to the limit; totals: a search's events over all rows."""

    rows: tuple[SubjectRow, ...]
    totals: tuple[int, ...]


def count_subjects(
    cursor: psycopg.Cursor[Any], queries: Sequence[EventQuery], *, by: Dimension, limit: int
) -> SubjectCounts:
    """queries: each with both bounds at the start of a day of the installation's zone, and no
    filter that is not in SERVED.
    """
    scope = Scope(grants={k: bound for q in queries for k, bound in q.scope.grants.items()})
    seen = seen_sql(cursor, by, scope)
    parts = [part for i, query in enumerate(queries) for part in _parts(cursor, i, query, by)]
    counted = " UNION ALL ".join(part.sql for part in parts)
    columns = range(len(queries))
    of_column = "FILTER (WHERE c.part = {i})"
    sums = ", ".join(f"coalesce(sum(c.n) {of_column.format(i=i)}, 0)::bigint" for i in columns)
    ids = ", ".join(
        f"(array_agg(c.id ORDER BY c.n DESC, c.id) {of_column.format(i=i)})[1:{MAX_IDS + 1}]"
        for i in columns
    )
    names = "(array_agg(k.name ORDER BY k.last_seen DESC) FILTER (WHERE k.name <> ''))[1]"
    totals = ", ".join(f"sum(r.c{i}) OVER ()" for i in columns)
    shown = ", ".join(f"r.c{i}" for i in columns)
    aliases = ", ".join(["key", "name", *(f"c{i}" for i in columns), *(f"i{i}" for i in columns)])
    cursor.execute(
        f"WITH counted (part, environment, id, n) AS (SELECT part, environment, id, sum(n)"  # noqa: S608 (columns of our own, a number)
        f" FROM ({counted}) AS u (part, environment, id, n) GROUP BY 1, 2, 3"
        " HAVING sum(n) <> 0),"
        f" r ({aliases}) AS (SELECT {key_sql(by, 'c.id')}, {names}, {sums}, {ids} FROM counted c"
        f"{joins_sql(by, 'c.environment', 'c.id', seen)} GROUP BY 1)"
        f" SELECT r.key, r.name, {shown}, {', '.join(f'r.i{i}' for i in columns)}, {totals}"
        f" FROM r ORDER BY {' + '.join(f'r.c{i}' for i in columns)} DESC, r.key LIMIT {limit:d}",
        [value for part in parts for value in part.params],
    )
    rows = cursor.fetchall()
    width = len(queries)
    return SubjectCounts(
        rows=tuple(
            SubjectRow(
                key=row[0],
                name=row[1],
                counts=tuple(row[2 : 2 + width]),
                ids=tuple(tuple(ids or ()) for ids in row[2 + width : 2 + 2 * width]),
            )
            for row in rows
        ),
        totals=tuple(int(n) for n in rows[0][2 + 2 * width :]) if rows else (0,) * width,
    )


def _parts(
    cursor: psycopg.Cursor[Any], index: int, query: EventQuery, by: Dimension
) -> Iterable[Condition]:
    """Yield the two sources of one search: (its place, environment, id, events)."""
    assert frozenset(query.include) | frozenset(query.exclude) <= SERVED  # or the counts are wrong
    assert query.start is not None  # a day
    assert query.end is not None
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    days = (query.start.astimezone(zone).date(), query.end.astimezone(zone).date())
    id_column, n, rows = _of_workspaces(*days) if by == "workspace" else _of_months(by, *days)
    where = joined([scope_of_counts(cursor, query), rows, *workspace_conditions(query)])
    yield Condition(
        f"SELECT {index}, r.environment::int, r.{id_column}, {n.sql}"  # noqa: S608 (numbers and columns of our own, conditions that bind their values)
        f" FROM {'audit_rollupday' if by == 'workspace' else 'audit_subjectcount'} r"
        f" WHERE {where.sql}",
        n.params + where.params,
    )
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, query.highest_id)
    given = Condition(f"({_EVENT_IDS[by]}) IS NOT NULL")
    where = joined([scope_condition(cursor, query), bounds, given, *indexed, *residual])
    yield Condition(
        f"SELECT {index}, e.environment::int, {_EVENT_IDS[by]}, 1::bigint"  # noqa: S608 (numbers, columns of our own, conditions that bind their values)
        f" FROM {UNCOUNTED} AND {where.sql}",
        where.params,
    )


def _of_workspaces(start: date, end: date) -> tuple[str, Condition, Condition]:
    """The column of ids, events of the days `[start, end)` that add up, and which rows."""
    return (
        "workspace_id",
        Condition("unnest(r.totals)::bigint"),
        Condition(
            "NOT r.all_workspaces AND r.workspace_id <> '' AND r.day >= %s AND r.day < %s",
            (start, end),
        ),
    )


def _of_months(by: Dimension, start: date, end: date) -> tuple[str, Condition, Condition]:
    """The same of rows of a month: up to the end without what is up to the start."""
    first, last = month_number(start), month_number(end)
    upto = "coalesce(r.sums[width_bucket({}, r.cells)], 0)"
    before_end = upto.format("CASE WHEN r.month < %s THEN %s ELSE %s END")
    before_start = upto.format("CASE WHEN r.month > %s THEN -1 ELSE %s END")
    return (
        "subject_id",
        Condition(
            f"({before_end} - {before_start})::bigint",
            (last, MAX_CELL, _last_before(end), first, _last_before(start)),
        ),
        Condition(
            "r.kind = %s AND r.month BETWEEN %s AND %s", (COUNTED_KINDS[KINDS[by]], first, last)
        ),
    )


def _last_before(day: date) -> int:
    """The last number that a cell may be before a day of its month."""
    return subject_cell(day.day - 1, 0, 0) - 1

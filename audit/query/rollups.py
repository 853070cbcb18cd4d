"""How many events were there, from what is already counted?

The worker counts in the order of positions. What it has not counted yet is read from the receipts
that are left, in the same statement, so that no event is missed or counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import SYSTEM_ENVIRONMENT, audit_settings
from audit.record.ids import id_floor

from .conditions import Condition, environment_numbers, facet_conditions, joined, scope_condition
from .event_query import EventQuery

SERVED = frozenset({"workspace", "type", "group", "outcome"})

ALL_ENVIRONMENTS = 0
# What a rollup row counts towards each outcome; 0 stands for "none given".
_OUTCOMES = (
    "(VALUES (1, r.success), (2, r.failure), (3, r.denied),"
    " (0, r.total - r.success - r.failure - r.denied)) AS o (outcome, n)"
)
# The events of receipts that no rollup holds yet, as `audit_event e`. Their ids are found first: as
# a join, what is expected of them can mislead the planner into reading every event there is.
UNCOUNTED = (
    "audit_event e WHERE e.id = ANY(ARRAY(SELECT unnest(s.event_ids) FROM audit_submission s"
    " JOIN (SELECT w.submission_id FROM audit_pending w"
    " UNION ALL SELECT p.submission_id FROM audit_loghead h"
    " LEFT JOIN audit_rolluphead rh ON rh.environment = h.environment"
    " JOIN audit_position p ON p.environment = h.environment"
    " AND p.first >= coalesce(rh.position, 0)) AS fresh ON fresh.submission_id = s.id))"
)


def is_served(query: EventQuery) -> bool:
    """Do the rollups know all that this search filters by?"""
    return (frozenset(query.include) | frozenset(query.exclude) | query.unfaceted) <= SERVED


def count_by_rollup(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    *,
    is_daily: bool,
    keeps_environments: bool = True,
) -> list[tuple[int, int, int, int, int]]:
    """Return (bucket, environment, type, outcome, count) of the buckets between the edges.

    keeps_environments: false lets rows of all environments together serve (number 0).
    edges: n + 1 instants, on hours (or, where daily, on days of the installation's zone), that
    bound the buckets 0 to n − 1; outcome 0 is none given.
    """
    rolled = _rollup(cursor, query, edges, is_daily, keeps_environments)
    fresh = _uncounted(cursor, query, edges)
    cursor.execute(
        f"SELECT bucket, environment, type, outcome, sum(n)::bigint FROM ({rolled.sql}"
        f" UNION ALL {fresh.sql}) AS both_of_them (bucket, environment, type, outcome, n)"
        " GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0",
        rolled.params + fresh.params,
        binary=True,
    )
    return cursor.fetchall()


def count_raw(
    cursor: psycopg.Cursor[Any], query: EventQuery, edges: Sequence[datetime]
) -> list[tuple[int, int, int, int, int]]:
    """Return the same as `count_by_rollup`, counted from the events themselves."""
    where = _where(cursor, query, edges)
    ids = _ids(edges)
    cursor.execute(
        "SELECT width_bucket(e.id, %b::uuid[]) - 1, e.environment, e.type,"
        " coalesce(e.outcome, 0)::int, count(*)"
        f" FROM audit_event e WHERE {where.sql} GROUP BY 1, 2, 3, 4",
        (ids, *where.params),
        binary=True,
    )
    return cursor.fetchall()


def _rollup(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    is_daily: bool,
    keeps_environments: bool,
) -> Condition:
    table, column = ("audit_rollupday", "day") if is_daily else ("audit_rolluphour", "hour")
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    marks = [e.astimezone(zone).date() if is_daily else e for e in edges]
    scoped, is_lattice = _rollup_scope(cursor, query, is_daily and not keeps_environments)
    conditions = [
        Condition(f"r.{column} >= %s AND r.{column} < %s", (marks[0], marks[-1])),
        scoped,
        *_facets(cursor, query),
    ]
    if is_daily:
        wants_all = "workspace" not in query.include and "workspace" not in query.exclude
        conditions.append(
            Condition("r.all_workspaces" if wants_all and is_lattice else "NOT r.all_workspaces")
        )
    where = joined(conditions)
    kind = "date[]" if is_daily else "timestamptz[]"
    return Condition(
        f"SELECT width_bucket(r.{column}, %s::{kind}) - 1, r.environment::int, r.type::int,"
        f" o.outcome, o.n::bigint FROM {table} r CROSS JOIN LATERAL {_OUTCOMES} WHERE {where.sql}",
        (marks, *where.params),
    )


def _rollup_scope(
    cursor: psycopg.Cursor[Any], query: EventQuery, may_merge: bool
) -> tuple[Condition, bool]:
    """The scope over rollup rows, and whether rows of all workspaces may be read."""
    numbers = environment_numbers(cursor, query)
    bound = {k: w for k, w in query.scope.grants.items() if w is not None and k in numbers}
    if not numbers:
        return Condition("false"), False
    if not bound:
        if may_merge and frozenset(numbers) == _counted_environments(cursor):
            return Condition(f"r.environment = {ALL_ENVIRONMENTS}"), True
        listed = ", ".join(str(n) for n in sorted(numbers.values()))
        return Condition(f"r.environment IN ({listed})"), True
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
    """The filters over rollup rows: workspaces by their text, types and outcomes by number."""
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
    outcome = EventQuery(
        scope=query.scope,
        include={k: v for k, v in query.include.items() if k == "outcome"},
        exclude={k: v for k, v in query.exclude.items() if k == "outcome"},
    )
    indexed, residual = facet_conditions(cursor, outcome)
    return found + [
        Condition(c.sql.replace("e.outcome", "o.outcome"), c.params) for c in indexed + residual
    ]


def _uncounted(
    cursor: psycopg.Cursor[Any], query: EventQuery, edges: Sequence[datetime]
) -> Condition:
    """The events of receipts that no rollup holds yet."""
    where = _where(cursor, query, edges)
    return Condition(
        "SELECT width_bucket(e.id, %b::uuid[]) - 1, e.environment::int, e.type::int,"
        " coalesce(e.outcome, 0)::int, 1::bigint"
        f" FROM {UNCOUNTED} AND {where.sql}",
        (_ids(edges), *where.params),
    )


def _where(cursor: psycopg.Cursor[Any], query: EventQuery, edges: Sequence[datetime]) -> Condition:
    ids = _ids(edges)
    indexed, residual = facet_conditions(cursor, query)
    bounds = Condition(f"e.id >= '{ids[0]}' AND e.id < '{ids[-1]}'")
    return joined([scope_condition(cursor, query), bounds, *indexed, *residual])


def _ids(edges: Sequence[datetime]) -> list[UUID]:
    return [id_floor(edge) for edge in edges]

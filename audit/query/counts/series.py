"""Counts by time from the events themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import psycopg

from audit.log.ids import id_floor
from audit.query.search.conditions import Condition, facet_conditions, joined, scope_condition
from audit.query.search.event_query import EventQuery

Split = Literal["environment", "type", "outcome"]
# What lies between two ranges is of no bucket, and not asked for.
NOWHERE = -1
_COLUMNS: Mapping[Split, str] = {
    "environment": "e.environment",
    "type": "e.type",
    "outcome": "coalesce(e.outcome, 0)",
}


class Series(NamedTuple):
    """Events of one environment, type and outcome; each is 0 where it was not told apart.

    buckets, counts: side by side; a bucket may come several times, its counts then add up
    """

    environment: int
    type: int
    outcome: int
    buckets: Sequence[int]
    counts: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A stretch of time; edges: n + 1 instants that bound the buckets `first` to `first` + n − 1"""

    edges: Sequence[datetime]
    first: int = 0


def count_ranges(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    ranges: Sequence[Range],
    *,
    split: frozenset[Split],
    among: Condition | None = None,
    facets: Sequence[Condition] | None = None,
) -> list[Series]:
    """Count the events themselves in several stretches of time, which follow one another.

    among: which of the events count, as a condition over `audit_event e`
    facets: the same filters said in another way
    """
    ids: list[UUID] = []
    places: list[int] = []
    bounds: list[tuple[UUID, UUID]] = []
    for each in ranges:
        own = [id_floor(edge) for edge in each.edges]
        if ids and ids[-1] == own[0]:
            ids.pop()
            bounds[-1] = (bounds[-1][0], own[-1])
        else:
            places += [NOWHERE] if ids else []
            bounds.append((own[0], own[-1]))
        ids += own
        places += range(each.first, each.first + len(own) - 1)
    if facets is None:
        indexed, residual = facet_conditions(cursor, query)
        facets = [*indexed, *residual]
    within = " OR ".join(f"e.id >= '{low}' AND e.id < '{high}'" for low, high in bounds)
    only = [among] if among is not None else []
    where = joined([scope_condition(cursor, query), Condition(within), *only, *facets])
    columns = ", ".join(
        f"{column} AS {name}" if name in split else f"0 AS {name}"
        for name, column in _COLUMNS.items()
    )
    inner = ids[1:-1]
    bucket = "width_bucket(e.id, %b::uuid[])" if inner else "0"
    cursor.execute(
        "SELECT u.environment::int, u.type::int, u.outcome::int, array_agg(u.bucket),"  # noqa: S608 (columns of our own, conditions that bind their values)
        f" array_agg(u.n) FROM (SELECT {columns}, {bucket} AS bucket, count(*) AS n"
        f" FROM audit_event e WHERE {where.sql} GROUP BY 1, 2, 3, 4) AS u GROUP BY 1, 2, 3",
        (*([inner] if inner else []), *where.params),
        binary=True,
    )
    return [
        Series(environment, type_, outcome, [places[bucket] for bucket in buckets], counts)
        for environment, type_, outcome, buckets, counts in cursor
    ]

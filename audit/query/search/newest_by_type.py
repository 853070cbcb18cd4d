"""Finds the newest events of a few types, each by its own index, and merges them.

One search for several types would sort all of them, or walk past everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.log import registry
from audit.log.ids import instant_of, time_of

from .conditions import bounds_condition, environment_numbers, facet_conditions, joined
from .conditions import scope_condition as scope_of
from .event_query import EventQuery
from .one_instant import OrderKey

FAILED = ("failure", "denied")
Texts = Literal["none", "names", "all"]
_APPLICATION = "json_build_object('application', e.details::json -> 'application')::text"
_TEXTS: Mapping[Texts, str] = {
    "none": "NULL::text, NULL::text",
    "names": f"{_APPLICATION}, e.personal",
    "all": "e.details, e.personal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestEvent:
    """One event, as far as its columns tell; details, personal: its texts where asked for, or of
    details only the application, where that is all that names need.

    number: of the environment, as subjects have it
    """

    id: UUID
    submission_id: int
    ordinal: int
    number: int
    environment: str
    type: str
    application_id: str | None
    application_gid: str | None
    actor_id: str | None
    details: str | None = None
    personal: str | None = None

    @property
    def at(self) -> datetime:
        return time_of(self.id)

    @property
    def place(self) -> OrderKey:
        return OrderKey(instant_of(self.id), self.submission_id, self.ordinal)


def find_newest(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    codes: Iterable[str],
    *,
    limit: int,
    texts: Texts = "none",
) -> list[NewestEvent]:
    """Return up to `limit` events of these types that match, newest first.

    query: with a lower bound, so that its partitions are few; a filter by type in it is ignored.
    """
    types = registry.EVENT_TYPES.find(cursor, codes)
    environments = {number: key for key, number in environment_numbers(cursor, query).items()}
    if not types or not environments:
        return []
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, query.highest_id)
    where = joined([scope_of(cursor, query), bounds, *indexed, *residual])
    columns = (
        "e.id, e.submission_id, e.ordinal, e.environment, e.type, e.application_id,"
        f" e.application_gid, e.actor_id, {_TEXTS[texts]}"
    )
    each = [
        f"(SELECT {columns} FROM audit_event e WHERE e.type = {number:d} AND {where.sql}"  # noqa: S608 (columns of our own, conditions that bind their values, numbers)
        f" ORDER BY e.id DESC LIMIT {limit:d})"
        for number in sorted(types.values())
    ]
    cursor.execute(
        f"SELECT * FROM ({' UNION ALL '.join(each)}) AS u ORDER BY id DESC LIMIT {limit:d}",  # noqa: S608 (parts that are made above, a number)
        where.params * len(each),
    )
    names = {number: code for code, number in types.items()}
    found = [
        NewestEvent(
            id=row[0],
            submission_id=row[1],
            ordinal=row[2],
            number=row[3],
            environment=environments[row[3]],
            type=names[row[4]],
            application_id=row[5],
            application_gid=row[6],
            actor_id=row[7],
            details=row[8],
            personal=row[9],
        )
        for row in cursor
    ]
    return sorted(found, key=lambda one: one.place, reverse=True)

"""Reads the events of one microsecond: where each stands, and those after a place, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from audit.log.ids import instant_bounds, instant_of

from .bounded_scan import Direction, Look
from .bounded_search import look_for
from .conditions import bounds_condition, ids_condition, joined, scope_condition
from .event_query import EventQuery

# An instant with more events that an index leads to stands in the order of ids.
MOST_IN_ORDER = 10_000
CHUNK = 200


class OrderKey(NamedTuple):
    """Where an event stands among all: time first, then as it was handed in."""

    instant: int
    submission_id: int
    ordinal: int


class Part(NamedTuple):
    """Events of one instant, in order; last: the last one tried where time was over."""

    ids: Sequence[UUID]
    last: UUID | None


def find_at_once(
    cursor: psycopg.Cursor[Any], query: EventQuery, event_id: UUID, *, now: datetime
) -> Sequence[UUID]:
    """Return what matches in the instant of an event, newest first; nothing where it is a lot."""
    look = look_for(cursor, query, direction="older", now=now)
    found = read_instant(look, query, instant_of(event_id), after=None, limit=MOST_IN_ORDER + 1).ids
    return found if len(found) <= MOST_IN_ORDER else ()


def far_edge(instant: int, direction: Direction) -> UUID:
    """Return the id, of no event, from which a walk goes on beyond an instant."""
    low, high = instant_bounds(instant)
    return low if direction == "older" else UUID(int=high.int - 1)


def places_of(
    cursor: psycopg.Cursor[Any], query: EventQuery, ids: Sequence[UUID]
) -> dict[UUID, OrderKey]:
    """Return where those of the events stand that are in scope."""
    if not ids:
        return {}
    where = joined([scope_condition(cursor, query), ids_condition(ids)])
    cursor.execute(
        f"SELECT e.id, e.submission_id, e.ordinal FROM audit_event e WHERE {where.sql}",  # noqa: S608 (conditions that bind their values)
        where.params,
        binary=True,
    )
    return {row[0]: OrderKey(instant_of(row[0]), row[1], row[2]) for row in cursor}


def is_small(look: Look, query: EventQuery, instant: int) -> bool:
    """Are there few enough events of this instant, of those that an index leads to?"""
    where = joined([look.certain, _bounds(query, instant)])
    look.cursor.execute(
        "SELECT count(*) FROM (SELECT FROM audit_event e"  # noqa: S608 (conditions that bind their values, numbers)
        f" WHERE {where.sql} LIMIT {MOST_IN_ORDER + 1:d}) AS s",
        where.params,
        binary=True,
    )
    row = look.cursor.fetchone()
    return row is not None and row[0] <= MOST_IN_ORDER


def read_instant(
    look: Look, query: EventQuery, instant: int, *, after: OrderKey | None, limit: int
) -> Part:
    """Return up to `limit` events of an instant, in order, going on after a place in it.

    What no index decides is tried on CHUNK of them at a time, once at least.
    """
    is_older = look.direction == "older"
    parts = [look.certain, _bounds(query, instant)]
    beyond = ""
    if after is not None:
        sign = "<" if is_older else ">"
        beyond = f" AND (e.submission_id, e.ordinal) {sign} ({after[1]:d}, {after[2]:d})"
    order = "DESC" if is_older else "ASC"
    most = limit if look.residual is None else MOST_IN_ORDER
    where = joined(parts)
    look.cursor.execute(
        f"SELECT e.id FROM audit_event e WHERE {where.sql}{beyond}"  # noqa: S608 (conditions that bind their values, numbers)
        f" ORDER BY e.submission_id {order}, e.ordinal {order} LIMIT {most:d}",
        where.params,
        binary=True,
    )
    candidates = [row[0] for row in look.cursor]
    if look.residual is None:
        return Part(candidates, None)
    ids: list[UUID] = []
    for start in range(0, len(candidates), CHUNK):
        chunk = candidates[start : start + CHUNK]
        matching = frozenset(look.matching(chunk, None, None))
        ids += [id_ for id_ in chunk if id_ in matching]
        if len(ids) >= limit:
            return Part(ids[:limit], None)
        if look.is_over() and start + CHUNK < len(candidates):
            return Part(ids, chunk[-1])
    return Part(ids, candidates[-1] if len(candidates) == most else None)


def _bounds(query: EventQuery, instant: int) -> Any:
    low, high = instant_bounds(instant)
    if query.lowest_id is not None:
        low = max(low, query.lowest_id)
    if query.highest_id is not None:
        high = min(high, query.highest_id)
    return bounds_condition(low, high)

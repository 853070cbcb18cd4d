"""Finds the events that match, newest first, within a bounded time.

The days on which the values wanted meet are looked into (`day_walk`); where none are known, windows
of ids, from the newest on, so that planning sees few partitions. What an index decides alone is
looked for in spans that take about as long; a filter that none decides is tried on a bounded number
of rows at a time. Both have a budget of time: then the search answers with what it found and how
far it looked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from audit.conf import audit_settings
from audit.log.ids import id_floor, time_of

from .bounded_scan import Direction, Look, ScanResult
from .conditions import (
    Condition,
    facet_conditions,
    ids_condition,
    joined,
    scope_condition,
)
from .day_index import find_occurring
from .day_walk import walk_days
from .event_query import CARRIED, EventQuery
from .moments import EARLIEST

WINDOWS = (timedelta(days=62), timedelta(days=248))


def find_ids(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    *,
    beyond: UUID | None,
    direction: Direction,
    limit: int,
    now: datetime,
) -> ScanResult:
    """Return up to `limit` ids that match, going from `beyond` (not included) in a direction.

    By id: by time, and within a microsecond by chance (`order` puts them right).
    """
    look = look_for(cursor, query, direction=direction, now=now)
    return walk(look, query, beyond=beyond, limit=limit)


def look_for(
    cursor: psycopg.Cursor[Any], query: EventQuery, *, direction: Direction, now: datetime
) -> Look:
    """Return how a search looks, whose time runs from now on."""
    scoped = scope_condition(cursor, query)
    indexed, residual = facet_conditions(cursor, query)
    return Look(
        cursor=cursor,
        certain=joined([scoped, *indexed]),
        residual=joined(residual) if residual else None,
        direction=direction,
        now=now,
        deadline=time.monotonic() + audit_settings().SEARCH_BUDGET_SECONDS,
    )


def walk(look: Look, query: EventQuery, *, beyond: UUID | None, limit: int) -> ScanResult:
    """Return what `find_ids` does, in the direction and the time of a look."""
    cursor, direction = look.cursor, look.direction
    occurring = find_occurring(cursor, query)
    if occurring is not None:
        low, high = _range(query, beyond, direction)
        return walk_days(look, occurring, low, high, limit)
    # Where an index leads to each event, a window is walked at once.
    is_walked = look.residual is not None or bool(CARRIED & query.include.keys())
    ids: list[UUID] = []
    for low, high in windows(query, beyond=beyond, direction=direction, now=look.now):
        wanted = limit - len(ids)
        if is_walked:
            found = look.within(low, high, wanted)
            ids += found.ids
            if not found.is_complete:
                return ScanResult(ids=tuple(ids), is_complete=False, reached=found.reached)
        else:
            ids += look.first(low, high, wanted)
        if len(ids) >= limit:
            break
    return ScanResult(ids=tuple(ids), is_complete=True)


def _range(
    query: EventQuery, beyond: UUID | None, direction: Direction
) -> tuple[UUID | None, UUID | None]:
    low, high = query.lowest_id, query.highest_id
    if beyond is None:
        return low, high
    return (low, beyond) if direction == "older" else (UUID(int=beyond.int + 1), high)


def windows(
    query: EventQuery, *, beyond: UUID | None, direction: Direction, now: datetime
) -> Iterator[tuple[UUID | None, UUID | None]]:
    """Yield the windows `[low, high)` of ids to look into, nearest first.

    The last one has no bound of its own on its far side.
    """
    low, high = query.lowest_id, query.highest_id
    ahead = timedelta(hours=audit_settings().MAX_AHEAD_HOURS)
    if direction == "older":
        high = beyond if beyond is not None else high
        start = time_of(high) if high is not None else now.astimezone(UTC) + ahead
        edges = [id_floor(start - width) for width in WINDOWS if width <= start - EARLIEST]
        for edge in edges:
            if low is not None and edge <= low:
                break
            if high is None or edge < high:
                yield edge, high
                high = edge
        yield low, high
    else:
        if beyond is not None:
            low = UUID(int=beyond.int + 1)
        begin = time_of(low) if low is not None else query.start
        for width in WINDOWS if begin is not None else ():
            edge = id_floor((begin or now) + width)
            if (high is not None and edge >= high) or time_of(edge) > now:
                break
            yield low, edge
            low = edge
        yield low, high


def fetch_by_id(
    cursor: psycopg.Cursor[Any], select: str, ids: Sequence[UUID], scoped: Condition
) -> list[Any]:
    """Run a SELECT over the events of these ids (`{where}` in it), inside the scope."""
    where = joined([scoped, ids_condition(ids)])
    cursor.execute(select.format(where=where.sql), where.params, binary=True)
    return cursor.fetchall()

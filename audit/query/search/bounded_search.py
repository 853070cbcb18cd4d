"""Finds the events that match, newest first, within a bounded time.

Windows of ids are walked from the newest on, so that planning sees few partitions. What an index
decides alone is looked for in spans that take about as long; a filter that none decides is tried on
a bounded number of rows at a time. Both have a budget of time: then the search answers
with what it found and how far it looked.
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
from .day_index import Occurring, find_occurring
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
    is_by_index = look.residual is None
    is_narrow = bool(CARRIED & frozenset(query.include))
    occurring = find_occurring(cursor, query, is_by_index=is_by_index) if is_narrow else None
    if occurring is not None:
        low, high = _range(query, beyond, direction)
        return _find_occurring(look, occurring, low, high, limit)
    ids: list[UUID] = []
    for low, high in windows(query, beyond=beyond, direction=direction, now=look.now):
        wanted = limit - len(ids)
        if is_narrow or not is_by_index:
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


def _find_occurring(
    look: Look, occurring: Occurring, low: UUID | None, high: UUID | None, limit: int
) -> ScanResult:
    """Look into the days on which the values occur, and at what no day is known of."""
    is_older = look.direction == "older"
    uncounted = look.matching(occurring.uncounted, low, high)
    ids: list[UUID] = []
    reached: UUID | None = None
    for first, end in sorted(occurring.spans, reverse=is_older):
        span_low = first if low is None else max(first, low)
        span_high = end if high is None else min(end, high)
        if span_low >= span_high:
            continue
        if reached is not None and look.is_over():
            break
        found = look.within(span_low, span_high, limit - len(ids))
        ids += found.ids
        # The far edge of the span is looked at, too: a cursor goes on beyond it.
        edge = span_low if is_older else UUID(int=span_high.int - 1)
        reached = edge if found.is_complete else found.reached
        if not found.is_complete or len(ids) >= limit:
            break
    else:
        reached = None
    if reached is not None and len(ids) < limit:
        # What lies beyond is for the next call.
        uncounted = [u for u in uncounted if (u >= reached if is_older else u <= reached)]
    merged = sorted({*ids, *uncounted}, reverse=is_older)[:limit]
    is_complete = reached is None or len(merged) >= limit
    return ScanResult(
        ids=tuple(merged), is_complete=is_complete, reached=None if is_complete else reached
    )


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

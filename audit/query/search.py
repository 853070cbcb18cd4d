"""Which events match, newest first, never slowly?

Windows of ids are walked from the newest on, so that planning sees few partitions. A filter that
no index decides is tried on a bounded number of rows at a time, within a budget of time: then the
search answers with what it found and how far it looked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import audit_settings
from audit.record.ids import id_floor, time_of

from .conditions import (
    Condition,
    bounds_condition,
    facet_conditions,
    joined,
    scope_condition,
)
from .event_query import EventQuery
from .occurring import Occurring, find_occurring

Direction = Literal["older", "newer"]
WINDOWS = (timedelta(days=62), timedelta(days=248))
FIRST_CHUNK = 200
LARGEST_CHUNK = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Ids in the direction's order, and the id up to which everything was looked at.

    is_complete: nothing more matches in this direction, or enough was found
    reached: the last id looked at where it is not complete
    """

    ids: tuple[UUID, ...]
    is_complete: bool
    reached: UUID | None = None


def find_ids(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    *,
    beyond: UUID | None,
    direction: Direction,
    limit: int,
    now: datetime,
) -> Found:
    """Return up to `limit` ids that match, going from `beyond` (not included) in a direction."""
    scoped = scope_condition(cursor, query)
    indexed, residual = facet_conditions(cursor, query)
    certain = joined([scoped, *indexed])
    deadline = time.monotonic() + audit_settings().SEARCH_BUDGET_SECONDS
    occurring = find_occurring(cursor, query) if residual else None
    if occurring is not None:
        low, high = _range(query, beyond, direction)
        return _find_occurring(
            cursor, occurring, certain, joined(residual), low, high, direction, limit, deadline
        )
    ids: list[UUID] = []
    for low, high in windows(query, beyond=beyond, direction=direction, now=now):
        wanted = limit - len(ids)
        if not residual:
            bounds = bounds_condition(low, high)
            ids += _first_ids(cursor, joined([certain, bounds]), direction, wanted)
        else:
            found = _scan(cursor, certain, joined(residual), low, high, direction, wanted, deadline)
            ids += found.ids
            if not found.is_complete:
                return Found(ids=tuple(ids), is_complete=False, reached=found.reached)
        if len(ids) >= limit:
            break
    return Found(ids=tuple(ids), is_complete=True)


def _range(
    query: EventQuery, beyond: UUID | None, direction: Direction
) -> tuple[UUID | None, UUID | None]:
    low, high = query.lowest_id, query.highest_id
    if beyond is None:
        return low, high
    return (low, beyond) if direction == "older" else (UUID(int=beyond.int + 1), high)


def _find_occurring(
    cursor: psycopg.Cursor[Any],
    occurring: Occurring,
    certain: Condition,
    residual: Condition,
    low: UUID | None,
    high: UUID | None,
    direction: Direction,
    limit: int,
    deadline: float,
) -> Found:
    """Look into the days on which the values occur, and at what no day is known of."""
    is_older = direction == "older"
    uncounted = _matching(cursor, occurring.uncounted, [certain, residual], low, high)
    ids: list[UUID] = []
    reached: UUID | None = None
    for first, end in sorted(occurring.spans, reverse=is_older):
        span_low = first if low is None else max(first, low)
        span_high = end if high is None else min(end, high)
        if span_low >= span_high:
            continue
        if reached is not None and time.monotonic() >= deadline:
            break
        found = _scan(
            cursor,
            certain,
            residual,
            span_low,
            span_high,
            direction,
            limit - len(ids),
            deadline,
        )
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
    return Found(
        ids=tuple(merged), is_complete=is_complete, reached=None if is_complete else reached
    )


def _matching(
    cursor: psycopg.Cursor[Any],
    ids: Sequence[UUID],
    conditions: Sequence[Condition],
    low: UUID | None,
    high: UUID | None,
) -> list[UUID]:
    """Return those of the ids that match."""
    inside = [i for i in ids if (low is None or i >= low) and (high is None or i < high)]
    if not inside:
        return []
    bounds = Condition(f"e.id BETWEEN '{min(inside)}' AND '{max(inside)}'")
    where = joined([*conditions, bounds, Condition("e.id = ANY(%b)", (inside,))])
    cursor.execute(f"SELECT e.id FROM audit_event e WHERE {where.sql}", where.params, binary=True)
    return [row[0] for row in cursor]


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
        edges = [id_floor(start - width) for width in WINDOWS if _is_in_range(start - width)]
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


def _is_in_range(moment: datetime) -> bool:
    return moment.year >= 1970


def _first_ids(
    cursor: psycopg.Cursor[Any], condition: Condition, direction: Direction, limit: int
) -> list[UUID]:
    order = "DESC" if direction == "older" else "ASC"
    cursor.execute(
        f"SELECT e.id FROM audit_event e WHERE {condition.sql}"
        f" ORDER BY e.id {order} LIMIT {limit:d}",
        condition.params,
        binary=True,
    )
    return [row[0] for row in cursor]


def _scan(
    cursor: psycopg.Cursor[Any],
    certain: Condition,
    residual: Condition,
    low: UUID | None,
    high: UUID | None,
    direction: Direction,
    wanted: int,
    deadline: float,
) -> Found:
    """Try the residual conditions on chunks of rows, larger each time, until the deadline."""
    order = "DESC" if direction == "older" else "ASC"
    other = "ASC" if direction == "older" else "DESC"
    chunk = FIRST_CHUNK
    ids: list[UUID] = []
    while True:
        inner = joined([certain, bounds_condition(low, high)])
        cursor.execute(
            # Only the answer is kept of each row: rows of a kilobyte would go to disk.
            f"WITH e AS MATERIALIZED (SELECT e.id, ({residual.sql}) AS is_match"
            f" FROM audit_event e WHERE {inner.sql} ORDER BY e.id {order} LIMIT {chunk:d})"
            f" SELECT (SELECT count(*) FROM e), (SELECT e.id FROM e ORDER BY e.id {other} LIMIT 1),"
            f" ARRAY(SELECT e.id FROM e WHERE e.is_match ORDER BY e.id {order}"
            f" LIMIT {wanted - len(ids):d})",
            residual.params + inner.params,
            binary=True,
        )
        row = cursor.fetchone()
        seen, last, matching = row if row else (0, None, [])
        ids += matching
        if len(ids) >= wanted or seen < chunk:
            return Found(ids=tuple(ids), is_complete=True)
        if direction == "older":
            high = last
        else:
            low = UUID(int=last.int + 1)
        if time.monotonic() >= deadline:
            return Found(ids=tuple(ids), is_complete=False, reached=last)
        chunk = min(chunk * 4, LARGEST_CHUNK)


def fetch_by_id(
    cursor: psycopg.Cursor[Any], select: str, ids: Sequence[UUID], scoped: Condition
) -> list[Any]:
    """Run a SELECT over the events of these ids (`{where}` in it), inside the scope."""
    bounds = Condition(f"e.id BETWEEN '{min(ids)}' AND '{max(ids)}'")
    where = joined([scoped, bounds, Condition("e.id = ANY(%b)", (list(ids),))])
    cursor.execute(select.format(where=where.sql), where.params, binary=True)
    return cursor.fetchall()

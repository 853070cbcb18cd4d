"""Finds events dated ahead of now, and the senders whose clocks run ahead.

Senders' clocks run ahead, and times up to MAX_AHEAD_HOURS ahead are taken. A range without an end
has no end, so such events are in it: in the page, the counts, the bars and the export alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.ids import time_of
from audit.query.document import fetch_documents

from .bounded_search import fetch_by_id, find_ids
from .conditions import scope_condition
from .event_query import EventQuery

# So many of them are looked at to tell of them, and so many clocks are told of.
MOST_AHEAD = 1_000
MOST_CLOCKS = 3
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FastClock:
    """A sender whose events came before they happened; name: as it was then, None without one.

    fast: by how much, at least: an event takes some time to get here
    """

    environment: str
    sender_id: int
    name: str | None
    fast: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """count: events dated ahead of now; is_capped: there are, or may be, more than that
    clocks: of the senders that are known, the fastest MOST_CLOCKS of them, first the fastest;
        unsaid: how many more there are
    """

    count: int
    is_capped: bool
    clocks: tuple[FastClock, ...]
    unsaid: int


def open_end(query: EventQuery, *, now: datetime) -> datetime:
    """Return where the axis of a search without an end ends: just after now, or just after the
    newest match where that is ahead of now.
    """
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    beyond = _beyond(query, now)
    found = find_ids(cursor, beyond, beyond=None, direction="older", limit=1, now=now)
    if not found.ids and not found.is_complete:
        # Not found in the budget of a search: then as far as there is anything.
        beyond = EventQuery(scope=query.scope, start=beyond.start)
        found = find_ids(cursor, beyond, beyond=None, direction="older", limit=1, now=now)
    return max([now, *map(time_of, found.ids)]) + INSTANT


def find_ahead(query: EventQuery, *, now: datetime) -> Ahead | None:
    """Return what of the matches is dated ahead of now; None for nothing."""
    if query.end is not None and query.end <= now:
        return None
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    limit = MOST_AHEAD + 1
    beyond = _beyond(query, now)
    found = find_ids(cursor, beyond, beyond=None, direction="older", limit=limit, now=now)
    if not found.ids:
        return None
    scoped = scope_condition(cursor, query)
    rows = fetch_by_id(
        cursor,
        "SELECT e.id, e.environment, e.sender_id, e.received_at FROM audit_event e WHERE {where}",
        found.ids,
        scoped,
    )
    furthest: dict[tuple[int, int], tuple[timedelta, UUID]] = {}
    for id_, environment, sender_id, received_at in rows:
        if sender_id is not None and (fast := time_of(id_) - received_at) > timedelta():
            sender = (environment, sender_id)
            furthest[sender] = max((fast, id_), furthest.get(sender, (fast, id_)))
    fastest = sorted(furthest.items(), key=lambda item: item[1], reverse=True)[:MOST_CLOCKS]
    documents = fetch_documents(cursor, [id_ for _, (_, id_) in fastest], scoped=scoped)
    return Ahead(
        count=min(len(found.ids), MOST_AHEAD),
        is_capped=len(found.ids) > MOST_AHEAD or not found.is_complete,
        clocks=tuple(
            FastClock(
                environment=document.environment,
                sender_id=sender_id,
                name=document.sender.name,
                fast=fast,
            )
            for ((_, sender_id), (fast, _)), document in zip(fastest, documents, strict=True)
        ),
        unsaid=len(furthest) - len(fastest),
    )


def _beyond(query: EventQuery, now: datetime) -> EventQuery:
    """The part of the search that lies ahead of now: few partitions, and as a rule nothing."""
    start = now + INSTANT
    return replace(query, start=max(start, query.start) if query.start else start)

"""Finds the events of a search beside one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor

from .bounded_scan import Direction
from .cursors import Cursor
from .event_query import EventQuery
from .one_instant import find_at_once
from .order_of_one_time import find_in_order, past_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """newer, older: None where there is none, or none was found within the budget of a search
    newer_at_once: how many of the same microsecond stand above it
    """

    newer: UUID | None
    older: UUID | None
    newer_at_once: int


def find_neighbours(query: EventQuery, *, event_id: UUID, now: datetime) -> Neighbours:
    """event_id: of an event that the search may have, or lie between those that it has"""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    at_once = list(find_at_once(cursor, query, event_id, now=now))
    is_among = event_id in at_once
    place = at_once.index(event_id) if is_among else 0

    def nearest(direction: Direction) -> UUID | None:
        beside = place + (1 if direction == "older" else -1)
        if is_among and 0 <= beside < len(at_once):
            return at_once[beside]
        at = past_instant(event_id, direction) if is_among else Cursor(event_id, direction, True)
        found = find_in_order(cursor, query, at=at, limit=1, now=now)
        return found.ids[0] if found.ids else None

    return Neighbours(newer=nearest("newer"), older=nearest("older"), newer_at_once=place)

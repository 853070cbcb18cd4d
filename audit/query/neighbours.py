"""Which events of a search lie beside one of them?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.conf import audit_settings
from audit.record.store import own_cursor

from .event_query import EventQuery
from .look import Direction
from .search import find_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """None where there is none, or none was found within the budget of a search."""

    newer: UUID | None
    older: UUID | None


def find_neighbours(query: EventQuery, *, event_id: UUID, now: datetime) -> Neighbours:
    """event_id: of an event that the search may have, or lie between those that it has"""
    cursor = own_cursor(audit_settings().DATABASE)

    def nearest(direction: Direction) -> UUID | None:
        found = find_ids(cursor, query, beyond=event_id, direction=direction, limit=1, now=now)
        return found.ids[0] if found.ids else None

    return Neighbours(newer=nearest("newer"), older=nearest("older"))

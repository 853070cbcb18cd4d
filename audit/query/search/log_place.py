"""Finds where an event stands in its environment's log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from audit.contracts import Scope

from .bounded_search import fetch_by_id
from .conditions import scope_condition
from .event_query import EventQuery

_SELECT = """
SELECT e.id, e.environment, en.key, p.first + e.ordinal
FROM audit_event e
JOIN audit_environment en ON en.id = e.environment
LEFT JOIN audit_position p ON p.submission_id = e.submission_id
WHERE {where}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """environment: its number; key: its key; position: None for the moment until it is given"""

    environment: int
    key: str
    position: int | None


def find_place(cursor: psycopg.Cursor[Any], event_id: UUID, *, scope: Scope) -> LogPlace | None:
    """Return where an event stands, or None where it isn't or may not be seen."""
    scoped = scope_condition(cursor, EventQuery(scope=scope))
    for _, environment, key, position in fetch_by_id(cursor, _SELECT, [event_id], scoped):
        return LogPlace(environment=environment, key=key, position=position)
    return None

"""Tells how far one event has come in its log: recorded, sealed, signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

RECORDED, SEALED, SIGNED = "recorded", "sealed", "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventState:
    """state: RECORDED, SEALED or SIGNED; size, signed_at: of the smallest kept checkpoint that
    covers it, None before that
    """

    state: str
    size: int | None = None
    signed_at: datetime | None = None


def read_event_state(
    cursor: psycopg.Cursor[Any], environment: str, position: int | None
) -> EventState:
    """environment: its key; position: None for the moment until it is given"""
    if position is None:
        return EventState(state=RECORDED)
    cursor.execute(
        "SELECT h.tree_size > %s, c.size, c.signed_at FROM audit_environment e"
        " JOIN audit_loghead h ON h.environment = e.id LEFT JOIN LATERAL (SELECT k.size,"
        " k.signed_at FROM audit_checkpoint k WHERE k.environment = e.id AND k.epoch = h.epoch"
        " AND k.size > %s ORDER BY k.size LIMIT 1) c ON true WHERE e.key = %s",
        [position, position, environment],
    )
    row = cursor.fetchone()
    if row is None or not row[0]:
        return EventState(state=RECORDED)
    if row[1] is None:
        return EventState(state=SEALED)
    return EventState(state=SIGNED, size=row[1], signed_at=row[2])

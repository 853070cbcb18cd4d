"""Tells how far one event has come in its log: recorded, sealed, signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from audit.log.statements import statement

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
        statement("seal", "read_event_state"),
        [position, position, environment],
    )
    row = cursor.fetchone()
    if row is None or not row[0]:
        return EventState(state=RECORDED)
    if row[1] is None:
        return EventState(state=SEALED)
    return EventState(state=SIGNED, size=row[1], signed_at=row[2])

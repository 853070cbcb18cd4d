"""Tells how far events have come in their logs: recorded, sealed, signed."""

from __future__ import annotations

from collections.abc import Sequence
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


def read_event_states(
    cursor: psycopg.Cursor[Any], places: Sequence[tuple[str, int | None]]
) -> Sequence[EventState]:
    """Return the state of each event, in one statement.

    places: the key of its environment, and its position, None for the moment until it is given
    """
    states = [EventState(state=RECORDED)] * len(places)
    sealed = [(n, key, at) for n, (key, at) in enumerate(places) if at is not None]
    if not sealed:
        return states
    numbers, keys, positions = zip(*sealed, strict=True)
    cursor.execute(
        statement("seal", "read_event_states"), [list(numbers), list(keys), list(positions)]
    )
    for number, size, signed_at in cursor:
        states[number] = EventState(
            state=SEALED if size is None else SIGNED, size=size, signed_at=signed_at
        )
    return states

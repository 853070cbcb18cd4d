"""Tells how far sealing has come, over all logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from audit.log.statements import statement

from .alarms import OpenAlarm, open_alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """without_leaf: events that have a position and are not in the tree; without_signature: events
    in the tree that no checkpoint signs; alarms: those that nobody cleared
    """

    without_leaf: int
    without_signature: int
    alarms: Sequence[OpenAlarm]


def read_seal_state(cursor: psycopg.Cursor[Any]) -> SealState:
    """Return what is still to be sealed, and what is wrong."""
    cursor.execute(statement("seal", "read_seal_state"))
    row = cursor.fetchone()
    assert row is not None  # an aggregate
    return SealState(without_leaf=row[0], without_signature=row[1], alarms=open_alarms(cursor))

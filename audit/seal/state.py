"""Tells how far sealing has come, over all logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

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
    cursor.execute(
        "SELECT coalesce(sum(h.size - h.tree_size), 0)::bigint,"
        " coalesce(sum(h.tree_size - coalesce(c.size, 0)), 0)::bigint"
        " FROM audit_loghead h LEFT JOIN LATERAL (SELECT c.size FROM audit_checkpoint c"
        " WHERE c.environment = h.environment AND c.epoch = h.epoch"
        " ORDER BY c.size DESC LIMIT 1) c ON true"
    )
    row = cursor.fetchone()
    assert row is not None  # an aggregate
    return SealState(without_leaf=row[0], without_signature=row[1], alarms=open_alarms(cursor))

"""Tells of each environment's log what there is to show of it: its name, size, checkpoint, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from audit.tlog.notes import VerifierKey, make_key

from .log_keys import list_keys

_SELECT = """
SELECT e.key, concat_ws('/', i.uuid, e.key, nullif(coalesce(h.epoch, 1), 1)),
    coalesce(h.size, 0), c.size, c.root, c.note, c.signed_at,
    coalesce(unsigned.received_at, pending.received_at)
FROM audit_installation i, audit_environment e
LEFT JOIN audit_loghead h ON h.environment = e.id
LEFT JOIN LATERAL (
    SELECT size, root, note, signed_at FROM audit_checkpoint
    WHERE environment = e.id AND epoch = h.epoch ORDER BY size DESC LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT s.received_at FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
    WHERE p.environment = e.id AND p.first >= coalesce(c.size, 0) ORDER BY p.first LIMIT 1
) unsigned ON true
LEFT JOIN LATERAL (
    SELECT s.received_at FROM audit_pending w JOIN audit_submission s ON s.id = w.submission_id
    WHERE w.environment = e.id ORDER BY w.submission_id LIMIT 1
) pending ON true
WHERE e.key = ANY(%s) AND (h.size > 0 OR pending.received_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """size: leaves under it; root: 32 bytes; note: as it was signed (c2sp.org/signed-note)"""

    size: int
    root: bytes
    note: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """The log of one environment.

    environment: its key; origin: the log's name; size: positions given
    checkpoint: the newest, or None where nothing was signed yet
    unsigned_since: when the oldest receipt came that no checkpoint covers; None where all are
    keys: that verify its checkpoints, those that ended first and the newest last
    """

    environment: str
    origin: str
    size: int
    checkpoint: SignedCheckpoint | None
    unsigned_since: datetime | None
    keys: Sequence[VerifierKey]


def read_logs(cursor: psycopg.Cursor[Any], environments: Sequence[str]) -> Sequence[LogState]:
    """Return the logs of these environments that ever recorded, in the order that they are given.

    Takes two statements, however many there are.
    """
    publics = [row.public for row in reversed(list_keys(cursor))]
    cursor.execute(_SELECT, [list(environments)])
    found = {row[0]: _state(row, publics) for row in cursor}
    return [found[key] for key in environments if key in found]


def _state(row: Sequence[Any], publics: Sequence[bytes]) -> LogState:
    environment, origin, size, signed, root, note, signed_at, unsigned_since = row
    checkpoint = None
    if signed is not None:
        checkpoint = SignedCheckpoint(size=signed, root=bytes(root), note=note, signed_at=signed_at)
    return LogState(
        environment=environment,
        origin=origin,
        size=size,
        checkpoint=checkpoint,
        unsigned_since=unsigned_since,
        keys=[make_key(origin, public) for public in publics],
    )

"""Tells of each environment's log what there is to show of it: its name, size, checkpoint, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from audit.log.statements import statement
from audit.tlog.notes import VerifierKey, make_key

from .log_keys import list_keys

_SELECT = statement("seal", "list_logs")


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

"""Tells the keys that a stranger checks the logs' checkpoints with: `name+hash+key`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from audit.log.registry import environment_number
from audit.tlog.notes import VerifierKey, make_key

from .log_keys import list_keys
from .origin import read_origin


def verifier_keys(cursor: psycopg.Cursor[Any], *, environment: str | None) -> Sequence[VerifierKey]:
    """Return the keys of one environment's log, or of all, those that ended first and the newest
    last. environment: its key. Raises UnknownEnvironment.
    """
    if environment is not None:
        numbers = [environment_number(cursor, environment)]
    else:
        cursor.execute("SELECT id FROM audit_environment ORDER BY id")
        numbers = [row[0] for row in cursor]
    publics = [row.public for row in reversed(list_keys(cursor))]
    return [
        make_key(read_origin(cursor, number, epoch=epoch), public)
        for number in numbers
        for epoch in [_epoch(cursor, number)]
        for public in publics
    ]


def keys_of_log(cursor: psycopg.Cursor[Any], origin: str) -> Sequence[VerifierKey]:
    """Return the keys that sign or signed the log of this origin, newest first."""
    return [make_key(origin, row.public) for row in list_keys(cursor)]


def _epoch(cursor: psycopg.Cursor[Any], environment: int) -> int:
    cursor.execute("SELECT epoch FROM audit_loghead WHERE environment = %s", [environment])
    row = cursor.fetchone()
    return int(row[0]) if row else 1

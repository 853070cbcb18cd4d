"""Reads how far the worker is, and whether one is alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from audit.log.statements import statement

# The two numbers of the advisory lock that the working worker holds: "audi", "work".
WORKER_LOCK = (0x61756469, 0x776F726B)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """without_position: receipts that wait for the sealer; without_rollup: for the counter."""

    is_alive: bool
    without_position: int
    without_rollup: int


def read_progress(cursor: psycopg.Cursor[Any]) -> Progress:
    """Return what the worker still has before it."""
    cursor.execute(
        statement("worker", "read_progress"),
        WORKER_LOCK,
    )
    row = cursor.fetchone()
    assert row is not None  # a SELECT without FROM
    return Progress(is_alive=row[0], without_position=row[1], without_rollup=row[2])

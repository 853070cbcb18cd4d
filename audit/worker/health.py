"""Measures free disk, the size of the database and the worker's backlog."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from .progress import Progress

MIN_FREE_BYTES = 2**28
MAX_BACKLOG = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Where the data lie."""

    free_bytes: int
    all_bytes: int

    @property
    def has_room(self) -> bool:
        return self.free_bytes >= MIN_FREE_BYTES


def read_disk() -> Disk:
    directory = Path(getattr(settings, "DATA_DIR", "/"))
    usage = shutil.disk_usage(directory if directory.exists() else "/")
    return Disk(free_bytes=usage.free, all_bytes=usage.total)


def read_database_bytes(cursor: psycopg.Cursor[Any]) -> int:
    """Return how much the database takes, indexes and all."""
    cursor.execute("SELECT pg_database_size(current_database())")
    row = cursor.fetchone()
    assert row is not None  # a SELECT without FROM
    return int(row[0])


def backlog(progress: Progress) -> int:
    """Return how many receipts wait, for their positions or to be counted."""
    return max(progress.without_position, progress.without_rollup)


def is_late(progress: Progress) -> bool:
    return backlog(progress) > MAX_BACKLOG

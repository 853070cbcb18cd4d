"""Notices when all tables were emptied, so that a process drops what it caches of them.

Emptying all tables (Django's `flush`) gives `audit_installation` another file, whoever does it.
"""

from __future__ import annotations

from typing import Any

import psycopg

FILE = "pg_relation_filenode('audit_installation')"
_noted: list[int] = []


class BegunAnew(Exception):
    """All tables were emptied: what is remembered of them is of another log."""


def note_generation(cursor: psycopg.Cursor[Any]) -> None:
    """Note which log it is, before the first thing is remembered of it."""
    if not _noted:
        cursor.execute(f"SELECT {FILE}")
        row = cursor.fetchone()
        assert row is not None  # a row without a table to select from
        _noted.append(row[0])


def check_generation(file: int) -> None:
    """Raise BegunAnew where the file is not that of the log that was noted."""
    if _noted != [file]:
        raise BegunAnew


def clear_cache() -> None:
    _noted.clear()

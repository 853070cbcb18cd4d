"""Notices when all tables were emptied, so that a process drops what it caches of them.

Emptying all tables (Django's `flush`) gives `audit_installation` another file, whoever does it.
"""

from __future__ import annotations

from typing import Any

import psycopg

GENERATION_SQL = "pg_relation_filenode('audit_installation')"
_noted: list[int] = []


class TablesEmptied(Exception):
    """All tables were emptied: what is cached of them is of another log."""


def note_generation(cursor: psycopg.Cursor[Any]) -> None:
    """Note which log it is, before the first thing is cached of it."""
    if not _noted:
        cursor.execute(f"SELECT {GENERATION_SQL}")
        row = cursor.fetchone()
        assert row is not None  # a row without a table to select from
        _noted.append(row[0])


def check_generation(file: int) -> None:
    """Raise TablesEmptied where the file is not that of the log that was noted."""
    if _noted != [file]:
        raise TablesEmptied


def clear_cache() -> None:
    _noted.clear()

"""Reads the secret that event ids are derived under."""

from __future__ import annotations

from typing import Any

import psycopg

from audit.errors import NotRecorded

_kept: list[bytes] = []


def id_secret(cursor: psycopg.Cursor[Any]) -> bytes:
    """Return the installation's secret, read once: it never changes. Raises NotRecorded."""
    if not _kept:
        cursor.execute("SELECT id_secret FROM audit_installation")
        row = cursor.fetchone()
        if row is None:
            raise NotRecorded(
                "The table audit_installation is empty, so that no id can be given: run"
                " `manage.py migrate`, which makes its row anew."
            )
        _kept.append(bytes(row[0]))
    return _kept[0]


def clear_cache() -> None:
    """Empty the cache."""
    _kept.clear()

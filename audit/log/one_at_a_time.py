"""Lets one process at a time do something, by an advisory lock of its database session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

# The first number is "audi"; the second one is whose it is.
Lock = tuple[int, int]


def try_lock(cursor: psycopg.Cursor[Any], lock: Lock) -> bool:
    """Take a lock where nobody holds it, until the session ends; return whether it is ours."""
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
    return cursor.fetchone() == (True,)


@contextmanager
def alone(cursor: psycopg.Cursor[Any], lock: Lock) -> Iterator[bool]:
    """Hold a lock, where nobody else does; tells whether it is ours."""
    is_ours = try_lock(cursor, lock)
    try:
        yield is_ours
    finally:
        # With its connection it was gone.
        if is_ours and not cursor.connection.closed:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)

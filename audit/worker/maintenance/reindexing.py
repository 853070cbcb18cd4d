"""Rebuilds the indexes of a leaf while it is read and written, one after the other.

An attempt that ends halfway leaves an index that is not valid; the next one drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from audit.log.niceness import is_local, make_nicer
from audit.worker.health import MIN_FREE_BYTES, read_disk

# Readers and writers go on while it waits for those who began before it: exports, a dump.
PATIENCE = "10min"
_SETTINGS = (
    # What runs is ended with the process that asked for it.
    ("client_connection_check_interval", "2s"),
    # Helpers of the server would not be as nice as the process that they help.
    ("max_parallel_maintenance_workers", "0"),
    ("statement_timeout", "0"),
    ("lock_timeout", PATIENCE),
)


class NoRoom(Exception):
    """The disk has no room for what is made before the old goes."""


def prepare_session(cursor: psycopg.Cursor[Any]) -> None:
    """Let the server's process go behind the others, where it runs on this machine."""
    for name, value in _SETTINGS:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    make_nicer(cursor.connection)


def indexes_of(cursor: psycopg.Cursor[Any], leaf: str) -> Sequence[tuple[str, int]]:
    """Return the valid indexes of a leaf and their bytes, the largest first."""
    cursor.execute(
        "SELECT c.relname, pg_relation_size(c.oid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = to_regclass(quote_ident(%s)) AND i.indisvalid ORDER BY 2 DESC, 1",
        [leaf],
    )
    return cursor.fetchall()


def clear_unfinished(cursor: psycopg.Cursor[Any], leaf: str) -> None:
    """Drop what an attempt that was ended has left, and get leave to maintain the leaf."""
    cursor.execute("SELECT audit_open_for_reindex(%s)", [leaf])


def reindex(cursor: psycopg.Cursor[Any], index: str) -> None:
    """Rebuild one index; outside of a transaction."""
    cursor.execute(sql.SQL("REINDEX INDEX CONCURRENTLY {}").format(sql.Identifier(index)))


def require_room(cursor: psycopg.Cursor[Any], needed_bytes: int) -> None:
    """Raises NoRoom. Of a server elsewhere nobody can say how much room there is."""
    free = read_disk().free_bytes
    if is_local(cursor.connection) and free < MIN_FREE_BYTES + needed_bytes:
        raise NoRoom(f"it needs {needed_bytes:,} bytes for a while, and {free:,} are free.")

"""How do events get into the tables, fast and each once?

One way for one event and for ten thousand: look the named ones up, COPY those that aren't there
in the order of their ids, and where another request was quicker (a unique violation), look up
again. Sorted order keeps overlapping requests from deadlocking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connections

from .rows import COLUMNS

_NAMES = ", ".join(name for name, _ in COLUMNS)
_TYPES = [kind for _, kind in COLUMNS]
_COPY_EVENTS = f"COPY audit_event ({_NAMES}) FROM STDIN (FORMAT BINARY)"
_COPY_TARGETS = (
    "COPY audit_event_target (event_id, target_hash, environment, kind, target_id)"
    " FROM STDIN (FORMAT BINARY)"
)
_TARGET_TYPES = ["uuid", "int4", "int2", "text", "text"]


class Stored(NamedTuple):
    """An event that is in the table already; a part is None where it was erased."""

    head: str | None
    personal: str | None
    details: str | None
    leaf_hash: bytes | None


def own_cursor(using: str) -> psycopg.Cursor[Any]:
    """Return psycopg's own cursor on Django's connection: it binds on the server.

    Django's default cursor writes every value into the statement, arrays too (120 µs an event).
    Errors of this one pass Django by, so that a broken connection is looked for before.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        connection.close_if_health_check_failed()
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)


def find_stored(
    cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, environment: int
) -> Mapping[UUID, Stored]:
    """Return those of the events that are there; ids: sorted.

    The bounds are literals so that partitions are chosen while planning.
    """
    if not ids:
        return {}
    cursor.execute(
        "SELECT e.id, e.head, e.personal, e.details, s.leaf_hashes[e.ordinal + 1]"
        " FROM audit_event e LEFT JOIN audit_submission s ON s.id = e.submission_id"
        f" WHERE e.environment = {environment:d} AND e.id = ANY(%b)"
        f" AND e.id BETWEEN '{ids[0]}' AND '{ids[-1]}'",
        [list(ids)],
        binary=True,
    )
    return {row[0]: Stored(*row[1:]) for row in cursor}


def copy_events(cursor: psycopg.Cursor[Any], rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows, in the order of their ids, into the event table."""
    _copy(cursor, _COPY_EVENTS, _TYPES, rows)


def copy_targets(cursor: psycopg.Cursor[Any], rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows, sorted, into the table of targets."""
    _copy(cursor, _COPY_TARGETS, _TARGET_TYPES, rows)


def insert_submission(
    cursor: psycopg.Cursor[Any],
    *,
    environment: int,
    sender_id: int | None,
    key_id: int | None,
    received_at: Any,
    ids: Sequence[UUID],
    leaf_hashes: Sequence[bytes],
) -> int:
    """Store a receipt, ask for its sealing, and return its id."""
    cursor.execute(
        "WITH s AS (INSERT INTO audit_submission"
        " (environment, sender_id, key_id, received_at, event_ids, leaf_hashes)"
        " VALUES (%s, %s, %s, %s, %b, %b) RETURNING id, environment)"
        " INSERT INTO audit_pending (submission_id, environment)"
        " SELECT id, environment FROM s RETURNING submission_id",
        [environment, sender_id, key_id, received_at, list(ids), list(leaf_hashes)],
        binary=True,
    )
    row = cursor.fetchone()
    assert row is not None  # INSERT … RETURNING of one row
    return int(row[0])


def claim_timeless(
    cursor: psycopg.Cursor[Any], wanted: Mapping[bytes, UUID]
) -> Mapping[bytes, UUID]:
    """Return the event id that each id without a time has, giving the wanted one where none is."""
    hashes = sorted(wanted)
    cursor.execute(
        "INSERT INTO audit_timelessid (hash, event_id)"
        " SELECT * FROM unnest(%b::bytea[], %b::uuid[]) ON CONFLICT DO NOTHING",
        [hashes, [wanted[h] for h in hashes]],
    )
    cursor.execute(
        "SELECT hash, event_id FROM audit_timelessid WHERE hash = ANY(%b::bytea[])", [hashes]
    )
    return {bytes(row[0]): row[1] for row in cursor}


def _copy(
    cursor: psycopg.Cursor[Any],
    statement: str,
    types: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
) -> None:
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)

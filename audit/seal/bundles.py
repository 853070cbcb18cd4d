"""Reads the leaves of a log's events: what `tile/entries/<N>` holds (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from audit.log.statements import statement
from audit.record.evidence.stored import EVIDENCE_COLUMNS, leaf_of, of_ids, stored_parts


def read_leaves(
    cursor: psycopg.Cursor[Any], environment: int, start: int, end: int
) -> Sequence[bytes | None]:
    """Return the leaves at the positions `[start, end)`, 113 bytes each; None where the event's
    row is gone.
    """
    ids = read_event_ids(cursor, environment, start, end)
    if not ids:
        return []
    condition, wanted = of_ids(environment, ids)
    cursor.execute(
        f"SELECT uuid_send(e.id), {EVIDENCE_COLUMNS} FROM audit_event e WHERE {condition}",  # noqa: S608 (columns of our own, a number, hexadecimal ids)
        [wanted],
        binary=True,
        prepare=False,
    )
    leaves = {row[0]: leaf_of(row[0], stored_parts(row[1:])) for row in cursor}
    return [leaves.get(id_) for id_ in ids]


def read_event_ids(
    cursor: psycopg.Cursor[Any], environment: int, start: int, end: int
) -> list[bytes]:
    """Return the ids of the events at the positions `[start, end)`, 16 bytes each."""
    cursor.execute(
        statement("seal", "read_event_ids"),
        [start, end, environment, end, environment, start],
        binary=True,
    )
    return [row[0] for row in cursor]

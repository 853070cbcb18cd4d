"""Reads the leaves of a log's events: what `tile/entries/<N>` holds (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from audit.log.statements import statement
from audit.record.evidence.parts import EVIDENCE_COLUMNS
from audit.tlog.leaves import PARTS, commitment, make_leaf


def read_leaves(
    cursor: psycopg.Cursor[Any], environment: int, start: int, end: int
) -> Sequence[bytes | None]:
    """Return the leaves at the positions `[start, end)`, 113 bytes each; None where the event's
    row is gone.
    """
    ids = read_event_ids(cursor, environment, start, end)
    if not ids:
        return []
    # Literal bounds, so that partitions are chosen while planning.
    cursor.execute(
        f"SELECT uuid_send(e.id), {EVIDENCE_COLUMNS} FROM audit_event e"  # noqa: S608 (columns of our own, a number, hexadecimal ids)
        f" WHERE e.environment = {environment:d} AND e.id = ANY(%s::uuid[])"
        f" AND e.id BETWEEN '{min(ids).hex()}' AND '{max(ids).hex()}'",
        [[id_.hex() for id_ in ids]],
        binary=True,
        prepare=False,
    )
    leaves = {row[0]: _leaf(row[0], row[1:]) for row in cursor}
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


def _leaf(event_id: bytes, columns: Sequence[Any]) -> bytes:
    """The leaf of a row: of each part the text and its salt, or once erased its commitment."""
    head, personal, details = (
        committed if text is None else commitment(part, salt, text.encode())
        for part, (text, salt, committed) in zip(
            PARTS, zip(*[iter(columns)] * 3, strict=True), strict=True
        )
    )
    return make_leaf(event_id, (head, personal, details))

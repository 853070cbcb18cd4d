"""Reads events as they are stored, and makes their leaves again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.record.evidence.stored import (
    EVIDENCE_COLUMNS,
    StoredPart,
    leaf_of,
    of_ids,
    stored_parts,
)
from audit.tlog.hashes import leaf_hash
from audit.tlog.leaves import PARTS

from .changed_byte import changed_part
from .columns import COLUMNS, wrong_columns

_SELECT = (
    "SELECT uuid_send(e.id), e.submission_id, e.ordinal,"  # noqa: S608 (columns of our own)
    f" {EVIDENCE_COLUMNS}, {', '.join(sql for sql in COLUMNS.values())}"
    " FROM audit_event e JOIN audit_eventtype et ON et.id = e.type"
    " LEFT JOIN audit_outcome o ON o.id = e.outcome"
)
_EVIDENCE, _COLUMNS = 3, 12


class StoredEvent(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One row. leaf: its leaf hash, made of what is stored; parts: by name"""

    id: bytes
    submission: int
    ordinal: int
    leaf: bytes
    parts: Mapping[str, StoredPart]
    columns: Sequence[Any]

    def changed_part(self, leaf: bytes) -> str:
        """Return what of the row is another, where its leaf hash should be this one."""
        there = {
            name: (part.text.encode(), part.salt)
            for name, part in self.parts.items()
            if part.text is not None and part.salt is not None
        }
        commitments = {name: part.commitment for name, part in self.parts.items()}
        return changed_part(self.id, there, commitments, leaf) or "row"

    def wrong_columns(self) -> Sequence[str]:
        """Return the columns for searching that are not what the texts say."""
        head, personal, details = (self.parts[part].text for part in PARTS)
        return wrong_columns(head, personal, details, self.columns)


def read_events(
    cursor: psycopg.Cursor[Any], environment: int, ids: Sequence[bytes]
) -> Mapping[bytes, StoredEvent]:
    """Return the rows of these events that are there, by id."""
    if not ids:
        return {}
    condition, wanted = of_ids(environment, ids)
    cursor.execute(f"{_SELECT} WHERE {condition}", [wanted], binary=True, prepare=False)
    return {row[0]: _stored(row) for row in cursor}


def find_event(
    cursor: psycopg.Cursor[Any], environment: int, *, submission: int, ordinal: int
) -> StoredEvent | None:
    """Return the row that says to be this one of a submission, whatever its id. Reads all rows."""
    cursor.execute(
        f"{_SELECT} WHERE e.environment = {environment:d}"
        " AND e.submission_id = %s AND e.ordinal = %s LIMIT 1",
        [submission, ordinal],
        binary=True,
    )
    row = cursor.fetchone()
    return _stored(row) if row is not None else None


def _stored(row: Sequence[Any]) -> StoredEvent:
    parts = stored_parts(row[_EVIDENCE:_COLUMNS])
    return StoredEvent(
        id=row[0],
        submission=row[1],
        ordinal=row[2],
        leaf=leaf_hash(leaf_of(row[0], parts)),
        parts=parts,
        columns=row[_COLUMNS:],
    )


def text_of(event_id: bytes) -> str:
    """Return an id as people read it."""
    return str(UUID(bytes=event_id))

"""Reads events as they are stored, and makes their leaves again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from audit.record.evidence.stored import EVIDENCE_COLUMNS, leaf_of, of_ids, stored_parts
from audit.tlog.hashes import leaf_hash

from .changed_byte import changed_part
from .columns import COLUMNS, wrong_columns

_SELECT = (
    "SELECT uuid_send(e.id), e.submission_id, e.ordinal,"  # noqa: S608 (columns of our own)
    f" {EVIDENCE_COLUMNS}, {', '.join(sql for sql in COLUMNS.values())}"
    " FROM audit_event e JOIN audit_eventtype et ON et.id = e.type"
    " LEFT JOIN audit_outcome o ON o.id = e.outcome"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One row. leaf: its leaf hash, made of what is stored; texts: of the parts not erased"""

    id: bytes
    submission: int
    ordinal: int
    leaf: bytes
    texts: Mapping[str, str]
    salts: Mapping[str, bytes]
    commitments: Mapping[str, bytes]
    columns: Sequence[Any]

    def changed_part(self, leaf: bytes) -> str:
        """Return what of the row is another, where its leaf hash should be this one."""
        texts = {part: text.encode() for part, text in self.texts.items()}
        found = changed_part(self.id, texts, self.salts, self.commitments, leaf)
        return found or "row"

    def wrong_columns(self) -> Sequence[str]:
        """Return the columns for searching that are not what the texts say."""
        return wrong_columns(self.texts, self.columns)


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
    parts = stored_parts(row[3:12])
    return StoredEvent(
        id=row[0],
        submission=row[1],
        ordinal=row[2],
        leaf=leaf_hash(leaf_of(row[0], parts)),
        texts={name: part.text for name, part in parts.items() if part.text is not None},
        salts={name: part.salt for name, part in parts.items() if part.salt is not None},
        commitments={name: part.commitment for name, part in parts.items()},
        columns=row[12:],
    )


def text_of(event_id: bytes) -> str:
    """Return an id as people read it."""
    return str(UUID(bytes=event_id))

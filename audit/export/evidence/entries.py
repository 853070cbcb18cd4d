"""Writes events as lines of `entries.ndjson`, each held against its receipt first."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.errors import LogBroken
from audit.query.search.conditions import Condition, joined
from audit.record.evidence.stored import EVIDENCE_COLUMNS, leaf_of, of_ids, stored_parts
from audit.seal.bundles import read_event_ids
from audit.seal.tiles import read_leaf_hashes
from audit.tlog.hashes import leaf_hash

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. missing: the parts that were erased"""

    position: int
    body: bytes
    missing: Sequence[str]


class _Part(msgspec.Struct):
    salt: str
    body: str


class _Entry(msgspec.Struct):
    pos: int
    entry: str
    id: str
    parts: dict[str, _Part | None]


def read_lines(
    cursor: psycopg.Cursor[Any],
    environment: int,
    start: int,
    end: int,
    *,
    matching: Condition | None = None,
) -> Iterator[Line]:
    """Yield the lines of the events at the positions `[start, end)`, in their order.

    matching: of a filtered export; what isn't matched is left out. Raises LogBroken where an event
    is missing, or isn't what its receipt says: nothing is exported that would not verify.
    """
    ids = read_event_ids(cursor, environment, start, end)
    leaves = read_leaf_hashes(cursor, environment, start, end)
    rows = _rows(cursor, environment, ids, matching)
    for offset, (id_, leaf) in enumerate(zip(ids, leaves, strict=True)):
        row = rows.get(id_)
        if row is not None:
            yield _line(start + offset, row, leaf)
        elif matching is None:
            raise LogBroken(
                f"The event {UUID(bytes=id_)} at position {start + offset} is missing:"
                " `manage.py verify` tells more."
            )


def _rows(
    cursor: psycopg.Cursor[Any],
    environment: int,
    ids: Sequence[bytes],
    matching: Condition | None,
) -> dict[bytes, Sequence[Any]]:
    if not ids:
        return {}
    condition, wanted = of_ids(environment, ids)
    own = Condition(condition, (wanted,))
    where = joined([own, *([matching] if matching is not None else [])])
    cursor.execute(
        f"SELECT uuid_send(e.id), {EVIDENCE_COLUMNS} FROM audit_event e WHERE {where.sql}",  # noqa: S608 (columns of our own, conditions that bind their values)
        where.params,
        binary=True,
        prepare=False,
    )
    return {row[0]: row for row in cursor}


def _line(position: int, row: Sequence[Any], receipt: bytes) -> Line:
    stored = stored_parts(row[1:])
    leaf = leaf_of(row[0], stored)
    id_ = str(UUID(bytes=row[0]))
    if leaf_hash(leaf) != receipt:
        raise LogBroken(
            f"The event {id_} at position {position} is not what its receipt says:"
            " `manage.py verify` tells more."
        )
    parts = {
        part: _Part(salt=b64encode(salt).decode(), body=text)
        if text is not None and salt is not None
        else None
        for part, (text, salt, _) in stored.items()
    }
    entry = _Entry(pos=position, entry=b64encode(leaf).decode(), id=id_, parts=parts)
    missing = [part for part, content in parts.items() if content is None]
    return Line(position=position, body=_encode(entry) + b"\n", missing=missing)

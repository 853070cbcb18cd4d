"""Reads the parts of evidence as rows of `audit_event` hold them, and makes their leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from audit.tlog.hashes import HASH_BYTES
from audit.tlog.leaves import PARTS, commitment, make_leaf

# Of an event `e` the text, salt and commitment of each part, in the order of PARTS.
EVIDENCE_COLUMNS = ", ".join(f"e.{part}, e.{part}_salt, e.{part}_commitment" for part in PARTS)
_EACH = 3


class StoredPart(NamedTuple):
    """text, salt: None once erased; commitment: of both, or the one that was kept of them"""

    text: str | None
    salt: bytes | None
    commitment: bytes


def stored_parts(columns: Sequence[Any]) -> Mapping[str, StoredPart]:
    """Return the parts of a row by name. columns: EVIDENCE_COLUMNS

    A part that has neither text and salt nor a commitment is committed to by zeros, which no leaf
    hash fits.
    """
    return {
        part: _stored(part, *columns[at : at + _EACH])
        for part, at in zip(PARTS, range(0, len(PARTS) * _EACH, _EACH), strict=True)
    }


def leaf_of(event_id: bytes, parts: Mapping[str, StoredPart]) -> bytes:
    """Return the leaf of an event, 113 bytes. event_id: 16 bytes"""
    head, personal, details = (parts[part].commitment for part in PARTS)
    return make_leaf(event_id, (head, personal, details))


def of_ids(environment: int, ids: Sequence[bytes]) -> tuple[str, list[str]]:
    """Return the condition of being one of these events of an environment, and its parameter.

    Between literals, since partitions are not chosen by what is in a list. ids: at least one
    """
    condition = (
        f"e.environment = {environment:d}"
        f" AND e.id BETWEEN '{min(ids).hex()}' AND '{max(ids).hex()}' AND e.id = ANY(%s::uuid[])"
    )
    return condition, [id_.hex() for id_ in ids]


def _stored(part: str, text: str | None, salt: bytes | None, committed: bytes | None) -> StoredPart:
    if text is None or salt is None:
        return StoredPart(None, None, committed or bytes(HASH_BYTES))
    return StoredPart(text, salt, commitment(part, salt, text.encode()))

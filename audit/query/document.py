"""Reads events from their table, as readers get them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Raw

from audit.log.ids import time_of
from audit.log.leaf_hashes import find_leaf_hashes
from audit.log.times import format_time
from audit.query.search.bounded_search import fetch_by_id
from audit.query.search.conditions import Condition
from audit.vocabulary.document import Device, Document, Place

from .stored_texts import read_document

# First the columns that `_document` takes apart, then those of the client, after one that says
# whether there is one, and those of the place.
_SELECT = """
SELECT e.id, e.head, e.personal, e.details, e.submission_id, e.ordinal, p.first + e.ordinal,
    et.code, o.code, en.key, e.workspace_id, e.received_at, e.redacted,
    e.client_id, {device},
    co.name, e.region, e.city, e.latitude, e.longitude, e.radius_km, e.time_zone, e.network,
    e.organisation, e.place_kind
FROM audit_event e
JOIN audit_environment en ON en.id = e.environment
JOIN audit_eventtype et ON et.id = e.type
LEFT JOIN audit_outcome o ON o.id = e.outcome
LEFT JOIN audit_country co ON co.id = e.country
LEFT JOIN audit_client cl ON cl.id = e.client_id
LEFT JOIN audit_position p ON p.submission_id = e.submission_id
WHERE {where}
""".replace("{device}", ", ".join(f"cl.{field}" for field in Device.__struct_fields__))
_SUBMISSION, _ORDINAL, _CLIENT = 4, 5, 13
_PLACE = _CLIENT + 1 + len(Device.__struct_fields__)
_encode = msgspec.json.Encoder().encode


def fetch_documents(
    cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, scoped: Condition
) -> list[Document]:
    """Return the documents of these events, in the order of `ids`; those not in scope are left
    out.
    """
    if not ids:
        return []
    rows = {row[0]: row for row in fetch_by_id(cursor, _SELECT, ids, scoped)}
    places = {id_: (row[_SUBMISSION], row[_ORDINAL]) for id_, row in rows.items()}
    leaves = find_leaf_hashes(cursor, places.values())
    return [_document(rows[id_], leaves.get(places[id_])) for id_ in ids if id_ in rows]


def _document(row: tuple[Any, ...], leaf_hash: bytes | None) -> Document:
    # fmt: off
    (
        id_, head, personal, details, submission, _, position,
        type_, outcome, environment, workspace_id, received_at, redacted,
    ) = row[:_CLIENT]
    # fmt: on
    client = Device(*row[_CLIENT + 1 : _PLACE]) if row[_CLIENT] is not None else None
    place = Place(*row[_PLACE:]) if row[-1] is not None else None
    return read_document(
        head,
        personal,
        details,
        id=str(id_),
        time=format_time(time_of(id_)),
        type=type_,
        outcome=outcome,
        environment=environment,
        received_at=format_time(received_at),
        client=Raw(_encode(client)),
        place=Raw(_encode(place)),
        redacted=Raw(_encode(redacted or ())),
        submission=submission,
        workspace_id=workspace_id,
        leaf=leaf_hash.hex() if leaf_hash is not None else None,
        position=position,
    )

"""What does a reader get of an event? The sender's members again, with what was added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import namedtuple_row

from audit.log.ids import time_of
from audit.log.leaf_hashes import find_leaf_hashes
from audit.log.times import format_time
from audit.query.search.bounded_search import fetch_by_id
from audit.query.search.conditions import Condition
from audit.record.clients import DEVICE_FIELDS
from audit.vocabulary import event_type

_SELECT = """
SELECT e.id, e.received_at, e.client_id, e.submission_id, e.redacted, e.workspace_id,
    e.head, e.personal, e.details,
    co.name AS country, e.region, e.city, e.latitude, e.longitude, e.radius_km, e.time_zone,
    e.network, e.organisation, e.place_kind AS kind,
    {device},
    p.first + e.ordinal AS position, e.ordinal,
    et.code AS type, o.code AS outcome, en.key AS environment
FROM audit_event e
JOIN audit_environment en ON en.id = e.environment
JOIN audit_eventtype et ON et.id = e.type
LEFT JOIN audit_outcome o ON o.id = e.outcome
LEFT JOIN audit_country co ON co.id = e.country
LEFT JOIN audit_client cl ON cl.id = e.client_id
LEFT JOIN audit_position p ON p.submission_id = e.submission_id
WHERE {where}
""".replace("{device}", ", ".join(f"cl.{field}" for field in DEVICE_FIELDS))
_decode = msgspec.json.Decoder(float_hook=lambda digits: msgspec.Raw(digits.encode())).decode
FIELDS = (
    "id",
    "submitted_id",
    "time",
    "type",
    "group",
    "label",
    "outcome",
    "environment",
    "workspace",
    "actor",
    "application",
    "resource",
    "targets",
    "context",
    "changes",
    "details",
    "source",
    "sequence",
    "received_at",
    "sender",
    "client",
    "place",
    "redacted",
    "leaf",
    "submission",
    "position",
    "erased",
)
PLACE_FIELDS = (
    "country",
    "region",
    "city",
    "latitude",
    "longitude",
    "radius_km",
    "time_zone",
    "network",
    "organisation",
    "kind",
)


def fetch_documents(
    cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, scoped: Condition
) -> list[dict[str, Any]]:
    """Return the documents of these events, in the order of `ids`; those not in scope are left
    out. A decimal in details or changes is a `msgspec.Raw` that holds its own digits.
    """
    if not ids:
        return []
    named = psycopg.Cursor(cursor.connection, row_factory=namedtuple_row)
    rows = {row.id: row for row in fetch_by_id(named, _SELECT, ids, scoped)}
    leaves = find_leaf_hashes(cursor, ((row.submission_id, row.ordinal) for row in rows.values()))
    return [
        _document(row, leaves.get((row.submission_id, row.ordinal)))
        for id_ in ids
        if (row := rows.get(id_)) is not None
    ]


def _document(row: Any, leaf_hash: bytes | None) -> dict[str, Any]:
    parts = {"head": row.head, "personal": row.personal, "details": row.details}
    head, personal, details = (_decode(text) if text is not None else {} for text in parts.values())
    code = head.get("type", row.type)
    kind = event_type(code)
    return {
        "id": str(row.id),
        "submitted_id": head.get("submitted_id"),
        "time": format_time(time_of(row.id)),
        "type": code,
        "group": kind.group,
        "label": kind.label,
        "outcome": row.outcome,
        "environment": row.environment,
        "workspace": _thing(
            {"id": head.get("workspace", row.workspace_id)}, details.get("workspace")
        ),
        "actor": personal.get("actor"),
        "application": _thing(head.get("application"), details.get("application")),
        "resource": personal.get("resource")
        or _thing(head.get("resource"), details.get("resource")),
        "targets": join_targets(personal.get("targets"), details.get("targets")),
        "context": {**personal.get("context", {}), **details.get("context", {})},
        "changes": details.get("changes", []),
        "details": {**details.get("details", {}), **personal.get("details", {})},
        "source": head.get("source"),
        "sequence": head.get("sequence"),
        "received_at": format_time(row.received_at),
        "sender": _sender(head),
        "client": {field: getattr(row, field) for field in DEVICE_FIELDS}
        if row.client_id is not None
        else None,
        "place": {name: getattr(row, name) for name in PLACE_FIELDS}
        if row.kind is not None
        else None,
        "redacted": row.redacted or [],
        "leaf": leaf_hash.hex() if leaf_hash is not None else None,
        "submission": row.submission_id,
        "position": row.position,
        "erased": [name for name, text in parts.items() if text is None],
    }


def _thing(ids: dict[str, Any] | None, names: dict[str, Any] | None) -> dict[str, Any] | None:
    both = {k: v for k, v in {**(ids or {}), **(names or {})}.items() if v is not None}
    return both or None


def join_targets(
    people: Sequence[dict[str, Any] | None] | None, others: Sequence[dict[str, Any] | None] | None
) -> list[dict[str, Any]]:
    """The two lists as one, in the sender's order; a place empty in both was erased."""
    longest = max(len(people or ()), len(others or ()))
    people = [*(people or ()), *[None] * (longest - len(people or ()))]
    others = [*(others or ()), *[None] * (longest - len(others or ()))]
    return [p or o for p, o in zip(people, others, strict=True) if p or o]  # type: ignore[misc]


def _sender(head: dict[str, Any]) -> dict[str, Any]:
    sender = head.get("sender") or {}
    return {
        "id": sender.get("id"),
        "name": sender.get("name"),
        "key": head.get("key"),
        "address": head.get("address"),
    }

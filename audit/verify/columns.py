"""Holds the columns that events are searched by against the texts that they derive from.

They are no evidence, and rebuilt at any time; but a row whose actor is another one in its column is
found under that one, and not under its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from audit.enrich.ip_addresses import read_ip_address
from audit.log.hashes import text_hash
from audit.log.times import format_time
from audit.models.event_type import UNREGISTERED

# Name → SQL of the value as it is compared.
COLUMNS: Mapping[str, str] = {
    "type": "et.code",
    "outcome": "o.code",
    "received_at": "e.received_at",
    "sender_id": "e.sender_id",
    "key_id": "e.key_id",
    "sequence": "e.sequence",
    "source": "e.source",
    "workspace_id": "e.workspace_id",
    "workspace_hash": "e.workspace_hash",
    "application_id": "e.application_id",
    "application_hash": "e.application_hash",
    "application_gid": "e.application_gid",
    "actor_id": "e.actor_id",
    "actor_hash": "e.actor_hash",
    "ip": "host(e.ip)",
    "session": "e.session",
    "request_id": "e.request_id",
    "trace": "e.trace",
    "resource_id": "e.resource_id",
    "resource_hash": "e.resource_hash",
    "resource_type": "e.resource_type",
}
_NAMES = tuple(COLUMNS)


class _Ids(msgspec.Struct):
    gid: str | None = None
    id: str | None = None
    type: str | None = None


class _Sender(msgspec.Struct):
    id: int


class _Head(msgspec.Struct):
    received_at: str
    type: str
    application: _Ids | None = None
    key: int | None = None
    outcome: str | None = None
    resource: _Ids | None = None
    sender: _Sender | None = None
    sequence: int | None = None
    source: str | None = None
    workspace: str | None = None


class _Context(msgspec.Struct):
    ip: str | None = None
    request_id: str | None = None
    session: str | None = None
    trace: str | None = None


class _Rest(msgspec.Struct):
    actor: _Ids | None = None
    context: _Context | None = None
    resource: _Ids | None = None


_head = msgspec.json.Decoder(_Head).decode
_rest = msgspec.json.Decoder(_Rest).decode
_NO_IDS, _NO_CONTEXT = _Ids(), _Context()


def wrong_columns(texts: Mapping[str, str], columns: Sequence[Any]) -> Sequence[str]:
    """Return the names of the columns that don't say what the texts do.

    texts: of the parts that are there; what derives from one that was erased isn't looked at.
    columns: in the order of COLUMNS
    """
    stored = dict(zip(_NAMES, columns, strict=True))
    try:
        return [name for name, value in _derived(texts) if not _is_same(name, stored[name], value)]
    except msgspec.DecodeError:
        return []  # a text that is none: the leaf hash tells of it


def _is_same(name: str, stored: Any, value: Any) -> bool:
    if name == "received_at":
        return bool(format_time(stored) == value)
    # What was sent beyond the largest number of types stands under none of its own.
    return bool(stored == value or (name == "type" and stored == UNREGISTERED))


def _address(text: str | None) -> str | None:
    address = read_ip_address(text) if text is not None else None
    return str(address) if address is not None else None


def _derived(texts: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    head = _head(texts["head"]) if "head" in texts else None
    personal = _rest(texts["personal"]) if "personal" in texts else None
    if head is not None:
        application = head.application or _NO_IDS
        yield "type", head.type
        yield "outcome", head.outcome
        yield "received_at", head.received_at
        yield "sender_id", head.sender.id if head.sender else None
        yield "key_id", head.key
        yield "sequence", head.sequence
        yield "source", head.source
        yield "workspace_id", head.workspace
        yield "workspace_hash", text_hash(head.workspace)
        yield "application_id", application.id
        yield "application_hash", text_hash(application.id)
        yield "application_gid", application.gid
    if personal is not None:
        actor = personal.actor or _NO_IDS
        yield "actor_id", actor.id
        yield "actor_hash", text_hash(actor.id)
        context = personal.context or _NO_CONTEXT
        yield "ip", _address(context.ip)
        yield "session", context.session
    if "details" in texts:
        context = _rest(texts["details"]).context or _NO_CONTEXT
        yield "request_id", context.request_id
        yield "trace", context.trace
    if head is not None and personal is not None:
        resource = head.resource or personal.resource or _NO_IDS
        yield "resource_id", resource.id
        yield "resource_hash", text_hash(resource.id)
        yield "resource_type", resource.type

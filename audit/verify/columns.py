"""Holds the columns that events are searched by against the texts that they derive from.

They are no evidence, and rebuilt at any time; but a row whose actor is another one in its column is
found under that one, and not under its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from audit.enrich.ip_addresses import read_ip_address
from audit.log.hashes import text_hash
from audit.log.times import format_time
from audit.models.event_type import UNREGISTERED

# Name → SQL of the value as it is compared: what derives from the head, from what is personal, from
# the details, and from head or what is personal.
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
_RECEIVED_AT = _NAMES.index("received_at")
_NOT_THERE = object()


class _Ids(msgspec.Struct, gc=False):
    gid: str | None = None
    id: str | None = None
    type: str | None = None


class _Sender(msgspec.Struct, gc=False):
    id: int


class _Head(msgspec.Struct, gc=False):
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


class _Context(msgspec.Struct, gc=False):
    ip: str | None = None
    request_id: str | None = None
    session: str | None = None
    trace: str | None = None


class _Rest(msgspec.Struct, gc=False):
    actor: _Ids | None = None
    context: _Context | None = None
    resource: _Ids | None = None


_head = msgspec.json.Decoder(_Head).decode
_rest = msgspec.json.Decoder(_Rest).decode
_NO_IDS, _NO_CONTEXT = _Ids(), _Context()


def wrong_columns(
    head: str | None, personal: str | None, details: str | None, columns: Sequence[Any]
) -> Sequence[str]:
    """Return the names of the columns that don't say what the texts do.

    head, personal, details: None where erased; what derives from it isn't looked at
    columns: in the order of COLUMNS
    """
    stored = (*columns[:_RECEIVED_AT], _time(columns[_RECEIVED_AT]), *columns[_RECEIVED_AT + 1 :])
    try:
        derived = _derived(head, personal, details)
    except msgspec.DecodeError:
        return ()  # a text that is none: the leaf hash tells of it
    if derived == stored:
        return ()
    return [
        name
        for name, value, one in zip(_NAMES, derived, stored, strict=True)
        if one != value
        and value is not _NOT_THERE
        # What was sent beyond the largest number of types stands under none of its own.
        and not (name == "type" and one == UNREGISTERED)
    ]


# Many events come in one receipt, and from one address.
@lru_cache(maxsize=1_000)
def _time(moment: datetime) -> str:
    return format_time(moment)


@lru_cache(maxsize=10_000)
def _address(text: str | None) -> str | None:
    address = read_ip_address(text) if text is not None else None
    return str(address) if address is not None else None


def _derived(head: str | None, personal: str | None, details: str | None) -> tuple[Any, ...]:
    """Return what the texts say, in the order of COLUMNS."""
    of_head = _head(head) if head is not None else None
    of_personal = _rest(personal) if personal is not None else None
    return (
        *(_of_head(of_head) if of_head is not None else (_NOT_THERE,) * 12),
        *(_of_personal(of_personal) if of_personal is not None else (_NOT_THERE,) * 4),
        *(_of_details(_rest(details)) if details is not None else (_NOT_THERE,) * 2),
        *(
            _of_resource(of_head.resource or of_personal.resource or _NO_IDS)
            if of_head is not None and of_personal is not None
            else (_NOT_THERE,) * 3
        ),
    )


def _of_head(head: _Head) -> tuple[Any, ...]:
    application = head.application or _NO_IDS
    return (
        head.type,
        head.outcome,
        head.received_at,
        head.sender.id if head.sender else None,
        head.key,
        head.sequence,
        head.source,
        head.workspace,
        text_hash(head.workspace),
        application.id,
        text_hash(application.id),
        application.gid,
    )


def _of_personal(personal: _Rest) -> tuple[Any, ...]:
    actor, context = personal.actor or _NO_IDS, personal.context or _NO_CONTEXT
    return actor.id, text_hash(actor.id), _address(context.ip), context.session


def _of_details(details: _Rest) -> tuple[Any, ...]:
    context = details.context or _NO_CONTEXT
    return context.request_id, context.trace


def _of_resource(resource: _Ids) -> tuple[Any, ...]:
    return resource.id, text_hash(resource.id), resource.type

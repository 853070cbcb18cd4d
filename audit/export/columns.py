"""Lays an event out in columns, for CSV and Parquet."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from .documents import Documents
from .lookups import Words
from .rows import Row

# The names of the columns, in order; `values_of` gives their values.
COLUMNS = (
    "time",
    "environment",
    "type",
    "label",
    "outcome",
    "workspace_id",
    "workspace_name",
    "actor_id",
    "actor_name",
    "actor_email",
    "actor_type",
    "application_id",
    "application_gid",
    "application_name",
    "resource_type",
    "resource_id",
    "resource_name",
    "targets",
    "changes",
    "details",
    "ip",
    "session",
    "request_id",
    "trace",
    "agent_name",
    "agent_version",
    "operating_system_name",
    "operating_system_version",
    "device_class",
    "device_name",
    "user_agent",
    "country",
    "region",
    "city",
    "latitude",
    "longitude",
    "source",
    "sequence",
    "sender",
    "received_at",
    "submitted_id",
    "id",
    "redacted",
    "erased",
)
# Those that hold JSON: lists and objects.
JSON_COLUMNS = frozenset({"targets", "changes", "details", "redacted", "erased"})
NUMBERS = frozenset({"latitude", "longitude", "sequence"})
TIMES = frozenset({"time", "received_at"})


class _Thing(Struct, gc=False):
    id: str | None = None
    gid: str | None = None
    type: str | None = None
    name: str | None = None
    email: str | None = None


class _Context(Struct, gc=False):
    ip: str | None = None
    session: str | None = None
    request_id: str | None = None
    trace: str | None = None
    user_agent: str | None = None


class _Client(Struct, gc=False):
    agent_name: str | None = None
    agent_version: str | None = None
    operating_system_name: str | None = None
    operating_system_version: str | None = None
    device_class: str | None = None
    device_name: str | None = None


class _Place(Struct, gc=False):
    country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class _Sender(Struct, gc=False):
    name: str | None = None


class _Event(Struct, gc=False):
    """The members of a document that fill columns."""

    id: str
    submitted_id: str | None
    time: str
    type: str
    label: str
    outcome: str | None
    environment: str
    workspace: _Thing | None
    actor: _Thing | None
    application: _Thing | None
    resource: _Thing | None
    targets: Raw
    context: _Context
    changes: Raw
    details: Raw
    source: str | None
    sequence: int | None
    received_at: str
    sender: _Sender
    client: _Client | None
    place: _Place | None
    redacted: Raw
    erased: Raw


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Event).decode
_NO_THING, _NO_CLIENT, _NO_PLACE = _Thing(), _Client(), _Place()


class Columns:
    """Makes the rows of one export."""

    def __init__(self, words: Words) -> None:
        self._make = Documents(words).make

    def values(self, row: Row) -> tuple[Any, ...]:
        """Return the values of COLUMNS: texts, numbers, or None."""
        event = _decode(_encode(self._make(row)))
        workspace, actor = event.workspace or _NO_THING, event.actor or _NO_THING
        application, resource = event.application or _NO_THING, event.resource or _NO_THING
        context, place = event.context, event.place or _NO_PLACE
        client = event.client or _NO_CLIENT
        return (
            event.time,
            event.environment,
            event.type,
            event.label,
            event.outcome,
            workspace.id,
            workspace.name,
            actor.id,
            actor.name,
            actor.email,
            actor.type,
            application.id,
            application.gid,
            application.name,
            resource.type,
            resource.id,
            resource.name,
            _text(event.targets),
            _text(event.changes),
            _text(event.details),
            context.ip,
            context.session,
            context.request_id,
            context.trace,
            client.agent_name,
            client.agent_version,
            client.operating_system_name,
            client.operating_system_version,
            client.device_class,
            client.device_name,
            context.user_agent,
            place.country,
            place.region,
            place.city,
            place.latitude,
            place.longitude,
            event.source,
            event.sequence,
            event.sender.name,
            event.received_at,
            event.submitted_id,
            event.id,
            _text(event.redacted),
            _text(event.erased),
        )


def _text(raw: Raw) -> str | None:
    """Return a list or object as JSON, or None where it is empty."""
    text = bytes(raw)
    return text.decode() if len(text) > 2 else None

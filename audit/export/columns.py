"""Lays an event out in columns, for CSV and Parquet."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw

from audit.vocabulary.document import Actor, Application, Device, Place, Resource, Workspace

from .documents import Documents
from .lookups import Lookups
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


_encode = msgspec.json.Encoder().encode
_NO_WORKSPACE, _NO_ACTOR = Workspace(), Actor()
_NO_APPLICATION, _NO_RESOURCE = Application(), Resource()
_NO_CLIENT, _NO_PLACE = Device(), Place()


class Columns:
    """Makes the rows of one export."""

    def __init__(self, lookups: Lookups) -> None:
        self._make = Documents(lookups).make

    def values(self, row: Row) -> tuple[Any, ...]:
        """Return the values of COLUMNS: texts, numbers, or None."""
        event = self._make(row)
        workspace, actor = event.workspace or _NO_WORKSPACE, event.actor or _NO_ACTOR
        application, resource = event.application or _NO_APPLICATION, event.resource or _NO_RESOURCE
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
            _encode(event.targets).decode() if event.targets else None,
            _text(event.raw_changes),
            _text(event.raw_details),
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
            _text(event.raw_redacted),
            _encode(event.erased).decode() if event.erased else None,
        )


def _text(raw: Raw) -> str | None:
    """Return a list or object as JSON, or None where it is empty."""
    text = bytes(raw)
    return text.decode() if len(text) > 2 else None

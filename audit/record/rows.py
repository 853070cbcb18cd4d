"""What does an event look like as a row? Columns in the order in which COPY sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID
from zlib import crc32

import msgspec

from audit.enrich.place import Place

from .clients import ClientNumbers
from .origin import Origin
from .parts import Parts, is_person
from .places import Address
from .submitted import SubmittedEvent

# name, PostgreSQL type
COLUMNS: Sequence[tuple[str, str]] = (
    ("id", "uuid"),
    ("received_at", "timestamptz"),
    ("submission_id", "int8"),
    ("ordinal", "int4"),
    ("client_id", "int8"),
    ("sequence", "int8"),
    ("sender_id", "int4"),
    ("key_id", "int4"),
    ("workspace_hash", "int4"),
    ("actor_hash", "int4"),
    ("application_hash", "int4"),
    ("resource_hash", "int4"),
    ("latitude", "float8"),
    ("longitude", "float8"),
    ("place_build", "date"),
    ("environment", "int2"),
    ("type", "int2"),
    ("outcome", "int2"),
    ("browser", "int2"),
    ("operating_system", "int2"),
    ("device_class", "int2"),
    ("country", "int2"),
    ("radius_km", "int2"),
    ("workspace_id", "text"),
    ("actor_id", "text"),
    ("application_id", "text"),
    ("application_gid", "text"),
    ("resource_type", "text"),
    ("resource_id", "text"),
    ("session", "text"),
    ("request_id", "text"),
    ("trace", "text"),
    ("source", "text"),
    ("ip", "inet"),
    ("place_kind", "text"),
    ("region", "text"),
    ("city", "text"),
    ("time_zone", "text"),
    ("network", "text"),
    ("organisation", "text"),
    ("redacted", "text[]"),
    ("head_salt", "bytea"),
    ("personal_salt", "bytea"),
    ("details_salt", "bytea"),
    ("head", "text"),
    ("personal", "text"),
    ("details", "text"),
)
SUBMISSION = [name for name, _ in COLUMNS].index("submission_id")
_NOWHERE = (None,) * 6


# Structs, since one of each is made for every event: a dataclass takes five times as long.
class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The small numbers that stand for the words of one event."""

    environment: int
    type: int
    outcome: int | None
    client: ClientNumbers | None
    country: int | None


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An event made ready: all of its evidence, but not yet its place in a submission."""

    id: UUID
    event: SubmittedEvent
    parts: Parts
    salts: bytes
    leaf_hash: bytes
    redacted: tuple[str, ...] = ()


@lru_cache(maxsize=50_000)
def text_hash(text: str | None) -> int | None:
    """Return the CRC-32 of a text as the signed number that its column and indexes hold.

    Not a secret and not unique: whoever searches by it asks for the text too.
    """
    if text is None:
        return None
    value = crc32(text.encode())
    return value - 2**32 if value >= 2**31 else value


def workspace_key(workspace_id: str) -> UUID:
    """Return the number under which a workspace's subjects are kept: 128 bits, so unique."""
    return UUID(bytes=sha256(workspace_id.encode()).digest()[:16])


def make_row(
    prepared: Prepared,
    *,
    ordinal: int,
    submission_id: int,
    received_at: datetime,
    origin: Origin,
    numbers: Numbers,
    address: Address | None,
    place: Place | None,
) -> tuple[Any, ...]:
    """Return the values of COLUMNS for one event."""
    event, parts, salts = prepared.event, prepared.parts, prepared.salts
    context, application, resource = event.context, event.application, event.resource
    workspace_id = event.workspace.id if event.workspace else None
    actor_id = event.actor.id if event.actor else None
    application_id = application.id if application else None
    resource_id = resource.id if resource else None
    client = numbers.client
    return (
        prepared.id,
        received_at,
        submission_id,
        ordinal,
        client.id if client else None,
        event.sequence,
        origin.sender_id,
        origin.key_id,
        text_hash(workspace_id),
        text_hash(actor_id),
        text_hash(application_id),
        text_hash(resource_id),
        place.latitude if place else None,
        place.longitude if place else None,
        place.build_date if place else None,
        numbers.environment,
        numbers.type,
        numbers.outcome,
        client.browser if client else None,
        client.operating_system if client else None,
        client.device_class if client else None,
        numbers.country,
        place.radius_km if place else None,
        workspace_id,
        actor_id,
        application_id,
        application.gid if application else None,
        resource.type if resource else None,
        resource_id,
        context.session if context else None,
        context.request_id if context else None,
        context.trace if context else None,
        event.source,
        address,
        *(
            (
                place.kind,
                place.region,
                place.city,
                place.time_zone,
                place.network,
                place.organisation,
            )
            if place
            else _NOWHERE
        ),
        list(prepared.redacted) or None,
        salts[:16],
        salts[16:32],
        salts[32:48],
        parts.head.decode(),
        parts.personal.decode(),
        parts.details.decode(),
    )


def target_rows(
    prepared: Prepared, *, environment: int
) -> set[tuple[UUID, int | None, int, str, str]]:
    """Return the rows of the event's targets, and of its resource where that is a person."""
    event = prepared.event
    targets = list(event.targets or ())
    if event.resource is not None and is_person(event.resource):
        targets.append(event.resource)
    return {
        (prepared.id, text_hash(t.id), environment, t.type, t.id)
        for t in targets
        if t.id is not None
    }

"""Packs an event into the bytes of its columns, as COPY sends them.

Columns that go together stand together: what an event shares with others (its submission, client,
place, workspace, user, app) is packed once and kept.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec

from audit.log.hashes import text_hash
from audit.record.clients import ClientNumbers
from audit.record.origin import Origin
from audit.record.places import LocatedAddress
from audit.record.submitted import Resource, SubmittedEvent

from .copy_format import (
    NULL,
    binary,
    day,
    float8,
    inet,
    int2,
    int4,
    int8,
    row_start,
    text,
    text_array,
    timestamptz,
)
from .parts import Parts, is_person

# In the order of `make_row`, a line for each piece of it
COLUMNS = (
    "id",
    *("environment", "received_at", "submission_id", "sender_id", "key_id"),
    *("ordinal", "sequence"),
    *("type", "outcome"),
    *("client_id", "browser", "operating_system", "device_class"),
    *("ip", "country", "latitude", "longitude", "radius_km", "place_kind", "region", "city"),
    *("time_zone", "network", "organisation", "place_build"),
    *("workspace_hash", "workspace_id"),
    *("actor_hash", "actor_id"),
    *("application_hash", "application_id", "application_gid"),
    *("resource_hash", "resource_id", "resource_type"),
    *("session", "request_id", "trace"),
    "source",
    "redacted",
    *("head_salt", "personal_salt", "details_salt"),
    *("head", "personal", "details"),
)
_START = row_start(len(COLUMNS)) + (16).to_bytes(4, "big")
_SALT = (16).to_bytes(4, "big")
# Of each kind so many pieces are kept, but of no long id: all of these caches together stay small.
_KEPT = 20_000
_KEPT_CHARACTERS = 256


# Structs, since one of each is made for every event: a dataclass takes five times as long.
class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of look-up tables that one event has."""

    type: int
    outcome: int | None
    client: ClientNumbers | None
    country: int | None


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A new event with all of its evidence, before it has an ordinal."""

    id: UUID
    event: SubmittedEvent
    parts: Parts
    salts: bytes
    leaf_hash: bytes
    redacted: tuple[str, ...] = ()


def make_row(
    prepared: NewEvent,
    *,
    ordinal: int,
    submission: bytes,
    numbers: Numbers,
    where: LocatedAddress | None,
) -> bytes:
    """Return one event as a row of COLUMNS; rows sort by their events' ids.

    submission: of `pack_submission`; ordinal: the place in it
    """
    event, parts, salts = prepared.event, prepared.parts, prepared.salts
    application, context, resource = event.application, event.context, event.resource
    return b"".join(
        (
            _START,
            prepared.id.bytes,
            submission,
            int4(ordinal),
            int8(event.sequence),
            _type(numbers.type, numbers.outcome),
            _client(numbers.client),
            _where(where, numbers.country),
            _hashed(event.workspace.id if event.workspace else None),
            _hashed(event.actor.id if event.actor else None),
            _application(application.id, application.gid) if application else _NO_APPLICATION,
            _resource_of(resource) if resource else _NO_RESOURCE,
            *(
                (text(context.session), text(context.request_id), text(context.trace))
                if context
                else _NO_CONTEXT
            ),
            text(event.source),
            text_array(prepared.redacted),
            _SALT,
            salts[:16],
            _SALT,
            salts[16:32],
            _SALT,
            salts[32:48],
            binary(parts.head),
            binary(parts.personal),
            binary(parts.details),
        )
    )


def pack_submission(
    origin: Origin, *, environment: int, received_at: datetime, submission_id: int
) -> bytes:
    """Return the columns that all events of a submission share."""
    return b"".join(
        (
            int2(environment),
            timestamptz(received_at),
            int8(submission_id),
            int4(origin.sender_id),
            int4(origin.key_id),
        )
    )


@lru_cache(maxsize=_KEPT)
def _type(type_: int, outcome: int | None) -> bytes:
    return int2(type_) + int2(outcome)


@lru_cache(maxsize=_KEPT)
def _client(client: ClientNumbers | None) -> bytes:
    if client is None:
        return NULL * 4
    return (
        int8(client.id)
        + int2(client.browser)
        + int2(client.operating_system)
        + int2(client.device_class)
    )


@lru_cache(maxsize=_KEPT)
def _where(where: LocatedAddress | None, country: int | None) -> bytes:
    if where is None:
        return NULL * 12
    place = where.place
    if place is None:
        return inet(where.address) + NULL * 11
    return b"".join(
        (
            inet(where.address),
            int2(country),
            float8(place.latitude),
            float8(place.longitude),
            int2(place.radius_km),
            *map(text, (place.kind, place.region, place.city)),
            *map(text, (place.time_zone, place.network, place.organisation)),
            day(place.build_date),
        )
    )


@lru_cache(maxsize=_KEPT)
def _hashed(id_: str | None) -> bytes:
    return int4(text_hash(id_)) + text(id_)


@lru_cache(maxsize=_KEPT)
def _application(id_: str | None, gid: str | None) -> bytes:
    return _hashed(id_) + text(gid)


def _resource_of(resource: Resource) -> bytes:
    """A resource's id alone may be long, as keys of object stores are, which hardly come again."""
    id_, type_ = resource.id, resource.type
    if id_ is not None and len(id_) > _KEPT_CHARACTERS:
        return int4(text_hash(id_)) + text(id_) + text(type_)
    return _resource(id_, type_)


@lru_cache(maxsize=_KEPT)
def _resource(id_: str | None, type_: str) -> bytes:
    return _hashed(id_) + text(type_)


_NO_APPLICATION = NULL * 3
_NO_RESOURCE = NULL * 3
_NO_CONTEXT = (NULL, NULL, NULL)
_NO_TARGETS: frozenset[tuple[UUID, int | None, int, str, str]] = frozenset()


def target_rows(
    prepared: NewEvent, *, environment: int
) -> Set[tuple[UUID, int | None, int, str, str]]:
    """Return the rows of the event's targets, and of its resource where that is a person."""
    event = prepared.event
    if not event.targets and (event.resource is None or not is_person(event.resource)):
        return _NO_TARGETS
    targets = list(event.targets or ())
    if event.resource is not None and is_person(event.resource):
        targets.append(event.resource)
    return {
        (prepared.id, text_hash(t.id), environment, t.type, t.id)
        for t in targets
        if t.id is not None
    }

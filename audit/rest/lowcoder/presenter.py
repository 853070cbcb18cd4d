"""Writes an event as Lowcoder's client reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.vocabulary.document import Application, Device, Document, Place, Resource
from audit.vocabulary.lowcoder_keys import APPLICATION_GID, DETAIL, MEMBER, TARGETS, THINGS

_NO_CLIENT = Device()
# theirs → ours, of the fields of a client
CLIENT: Mapping[str, str] = {
    "agentName": "agent_name",
    "operatingSystemName": "operating_system_name",
    "operatingSystemVersion": "operating_system_version",
    "deviceName": "device_name",
    "deviceClass": "device_class",
    "deviceBrand": "device_brand",
    "layoutEngineName": "layout_engine_name",
    "layoutEngineVersion": "layout_engine_version",
    "webviewAppName": "webview_app_name",
}


def as_lowcoder(document: Document) -> dict[str, Any]:
    """Return an event with the names that Lowcoder's client reads.

    environmentId is our key, so that a click on it filters. What a native event says by its own
    members is told in `details` too, where Lowcoder's screens look for it.
    """
    client, details = document.client or _NO_CLIENT, document.detail_members
    return {
        "id": document.id,
        "eventType": document.type,
        "eventTime": document.time,
        "environmentId": document.environment,
        "orgId": document.workspace.id if document.workspace else None,
        "userId": document.actor.id if document.actor else None,
        "appId": document.application.id if document.application else None,
        "details": dict(_details(document, has_member=MEMBER.id in details)) | details,
        **{theirs: getattr(client, ours) for theirs, ours in CLIENT.items()},
        "location": _location(document.place),
    }


def _details(document: Document, *, has_member: bool) -> Iterator[tuple[str, Any]]:
    """has_member: whether the sender's details say to whom it was done"""
    application, resource = document.application, document.resource
    yield from _named("application", application)
    if application and application.gid is not None:
        yield APPLICATION_GID, application.gid
    kind = (resource.type if resource else None) or ""
    if kind == "query":
        yield DETAIL, dict((*_named("application", application), *_named("query", resource)))
    elif kind in THINGS and kind != "application":
        yield from _named(kind, resource)
    targets = () if has_member else document.targets
    for key, target_type in TARGETS:
        ids = [t.id for t in targets if t.type == target_type and t.id is not None]
        if ids:
            yield key, ids


def _named(kind: str, thing: Application | Resource | None) -> Iterator[tuple[str, Any]]:
    keys = THINGS[kind]
    if thing and thing.id is not None:
        yield keys.id, thing.id
    if thing and thing.name is not None:
        yield keys.name, thing.name


def _location(place: Place | None) -> dict[str, Any] | None:
    if place is None or place.latitude is None:
        return None
    return {
        "accuracy_radius": place.radius_km,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "time_zone": place.time_zone,
    }

"""Writes an event as Lowcoder's client reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.vocabulary.lowcoder_keys import APPLICATION_GID, DETAIL, MEMBER, TARGETS, THINGS

Document = Mapping[str, Any]

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
    client = document["client"] or {}
    return {
        "id": document["id"],
        "eventType": document["type"],
        "eventTime": document["time"],
        "environmentId": document["environment"],
        "orgId": _member(document, "workspace", "id"),
        "userId": _member(document, "actor", "id"),
        "appId": _member(document, "application", "id"),
        "details": dict(_details(document)) | document["details"],
        **{theirs: client.get(ours) for theirs, ours in CLIENT.items()},
        "location": _location(document["place"]),
    }


def _details(document: Document) -> Iterator[tuple[str, Any]]:
    application, resource = document["application"] or {}, document["resource"] or {}
    yield from _named("application", application)
    if "gid" in application:
        yield APPLICATION_GID, application["gid"]
    kind = resource.get("type", "")
    if kind == "query":
        yield DETAIL, dict((*_named("application", application), *_named("query", resource)))
    elif kind in THINGS and kind != "application":
        yield from _named(kind, resource)
    targets = document["targets"] if MEMBER.id not in document["details"] else []
    for key, target_type in TARGETS:
        ids = [t["id"] for t in targets if t.get("type") == target_type and "id" in t]
        if ids:
            yield key, ids


def _named(kind: str, thing: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, ours in zip(THINGS[kind], ("id", "name"), strict=True):
        if ours in thing:
            yield key, thing[ours]


def _member(document: Document, thing: str, name: str) -> str | None:
    return (document[thing] or {}).get(name)


def _location(place: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if place is None or place["latitude"] is None:
        return None
    return {
        "accuracy_radius": place["radius_km"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "time_zone": place["time_zone"],
    }

"""What does an event look like to Lowcoder's client?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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
# resource type → the keys of its id and name in `details`
RESOURCES: Mapping[str, tuple[str, str]] = {
    "bundle": ("bundleId", "bundleName"),
    "folder": ("id", "name"),
    "group": ("groupId", "groupName"),
    "data_source": ("datasourceId", "name"),
    "library_query": ("id", "name"),
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
    for key in ("id", "gid", "name"):
        if key in application:
            yield f"application{key.capitalize()}", application[key]
    kind = resource.get("type")
    if kind == "query":
        yield (
            "detail",
            {f"application{k.capitalize()}": v for k, v in application.items() if k != "gid"}
            | {f"query{k.capitalize()}": v for k, v in resource.items() if k != "type"},
        )
    for key, ours in zip(RESOURCES.get(kind or "", ()), ("id", "name"), strict=False):
        if ours in resource:
            yield key, resource[ours]
    targets = document["targets"] if "memberId" not in document["details"] else []
    for key, target_type in (("userIds", "user"), ("groupIds", "group")):
        ids = [t["id"] for t in targets if t.get("type") == target_type and "id" in t]
        if ids:
            yield key, ids


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

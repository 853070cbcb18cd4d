"""Finds the application, the resource and the targets of an event.

The keys differ by type of event: `name` is a folder's name here and a data source's there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.record.check import MAX_TARGETS
from audit.record.submitted import Application, Resource
from audit.vocabulary.lowcoder_keys import APPLICATION_GID, DETAIL, MEMBER, TARGETS, THINGS, Keys

from .fitting import as_id, as_ids, as_members, as_name, is_empty

QUERY_EXECUTION = "QUERY_EXECUTION"
# How the type begins → resource type.
RESOURCES: tuple[tuple[str, str], ...] = (
    ("APPLICATION_", "application"),
    ("BUNDLE_", "bundle"),
    ("FOLDER_", "folder"),
    ("GROUP_", "group"),
    ("DATA_SOURCE_", "data_source"),
    ("LIBRARY_QUERY_", "library_query"),
    (QUERY_EXECUTION, "query"),
)


def application_of(code: str, details: Mapping[str, Any]) -> Application | None:
    """Return the app that the event happened in, or to."""
    members = members_of(code, details)
    keys = THINGS["application"]
    application = Application(
        id=as_id(members.get(keys.id)),
        gid=as_id(members.get(APPLICATION_GID)),
        name=as_name(members.get(keys.name)),
    )
    return application if application != Application() else None


def resource_of(code: str, details: Mapping[str, Any]) -> Resource | None:
    """Return what was acted on, or None where the type has no resource or nothing names it."""
    members = members_of(code, details)
    for prefix, kind in RESOURCES:
        if code.startswith(prefix):
            found = _resource(kind, THINGS[kind], members)
            if found is None and kind == "application":
                # A bundle of apps comes under the types of apps.
                found = _resource("bundle", THINGS["bundle"], members)
            return found
    return None


def targets_of(details: Mapping[str, Any]) -> tuple[Resource, ...]:
    """Return members, users and groups; those beyond what an event may have stay in details."""
    return tuple(dict.fromkeys(_targets(details)))[:MAX_TARGETS]


def members_of(code: str, details: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object that names the things of an event: `detail` for a query's execution."""
    detail = details.get(DETAIL)
    return as_members(detail) if code == QUERY_EXECUTION and not is_empty(detail) else details


def _targets(details: Mapping[str, Any]) -> Iterator[Resource]:
    member = _resource("user", MEMBER, details)
    if member is not None:
        yield member
    for key, kind in TARGETS:
        for each in as_ids(details.get(key)):
            yield Resource(type=kind, id=each)


def _resource(kind: str, keys: Keys, given: Mapping[str, Any]) -> Resource | None:
    found = Resource(type=kind, id=as_id(given.get(keys.id)), name=as_name(given.get(keys.name)))
    return found if found.id or found.name else None

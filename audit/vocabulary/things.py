"""Finds what an event is about, and its name, in its document.

A sender may name a thing as resource, as application, or only in `details`; each kind of thing
has its own keys there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .document import Application, Document, Resource, Target
from .lowcoder_keys import DETAIL, MEMBER, TARGETS, THINGS
from .person_types import is_person_type

MAX_TEXT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """A thing or a person by name; name: None where only the id is known, or neither."""

    type: str
    id: str | None
    name: str | None

    @property
    def label(self) -> str | None:
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKind:
    """A kind of thing that sentences speak of.

    noun: as it is said before the name; resource_types: of resources of this kind, the first is
        ours; name_keys, id_keys: where `details` tells the name and the id, dots lead inwards
    """

    noun: str
    resource_types: tuple[str, ...]
    name_keys: tuple[str, ...]
    id_keys: tuple[str, ...]

    @property
    def unnamed(self) -> str:
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


def _kind(
    noun: str,
    *resource_types: str,
    within: tuple[str, ...] = ("",),
    also_named: tuple[str, ...] = (),
) -> ThingKind:
    keys = THINGS[resource_types[0]]
    return ThingKind(
        noun=noun,
        resource_types=resource_types,
        name_keys=(*(place + keys.name for place in within), *also_named),
        id_keys=tuple(place + keys.id for place in within),
    )


_IN_DETAIL = f"{DETAIL}."
KINDS: Mapping[str, ThingKind] = {
    kind.resource_types[0]: kind
    for kind in (
        _kind("app", "application", "app", within=("", _IN_DETAIL)),
        _kind("bundle", "bundle"),
        _kind("folder", "folder"),
        _kind("query", "query", within=(_IN_DETAIL, "")),
        _kind("group", "group", "user_group"),
        _kind("data source", "data_source", "datasource", also_named=("datasourceName",)),
        _kind("library query", "library_query"),
    )
}


def find_thing(document: Document, kind_name: str) -> tuple[ThingKind, NamedThing] | None:
    """Return the thing of a kind that the event is about, or None.

    Lowcoder says "application" of bundles of apps too: then the bundle is returned.
    """
    kind = KINDS[kind_name]
    resource = _as_named(document.resource, default_type=kind.resource_types[0])
    if kind_name == "application":
        application = _as_named(document.application, default_type="application")
        if application is not None and application.label:
            return kind, application
        bundle = find_thing(document, "bundle")
        if bundle is not None:
            return bundle
    if resource is not None and resource.type.lower() in kind.resource_types and resource.label:
        return kind, resource
    name = _first_detail(document, kind.name_keys)
    identifier = _first_detail(document, kind.id_keys)
    if name is None and identifier is None:
        return None
    return kind, NamedThing(type=kind.resource_types[0], id=identifier, name=name)


def find_any_thing(document: Document) -> tuple[str, NamedThing] | None:
    """Return the noun and name of the resource, or else of the application, or None."""
    resource = _as_named(document.resource, default_type="resource")
    if resource is not None and resource.label:
        for kind in KINDS.values():
            if resource.type.lower() in kind.resource_types:
                return kind.noun, resource
        return resource.type.replace("_", " "), resource
    application = find_thing(document, "application")
    return (application[0].noun, application[1]) if application else None


def find_targets(document: Document) -> tuple[NamedThing, ...]:
    """Return whom or what else it was done to, from `targets` or else from Lowcoder's keys."""
    found = (_as_named(target, default_type="resource") for target in document.targets)
    return tuple(each for each in found if each) or tuple(_targets_in_details(document.details))


def is_person(named: NamedThing) -> bool:
    return is_person_type(named.type)


def find_detail(document: Document, path: str) -> str | None:
    """Return a detail as one short line; path: keys of `details`, dots lead inwards."""
    value: Any = document.details
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    if isinstance(value, list | tuple):
        words = [word for word in map(as_words, value) if word]
        return as_words(", ".join(words[:3]) + (", …" if len(words) > 3 else ""))
    return as_words(value)


def as_words(value: Any) -> str | None:
    """Return a plain value as one short line; None for what is empty or has parts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)[:MAX_TEXT]
    if not isinstance(value, str):
        return None
    text = " ".join(value[: 8 * MAX_TEXT].split())
    return (text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…") or None


def _as_named(
    thing: Application | Resource | Target | None, *, default_type: str
) -> NamedThing | None:
    if thing is None:
        return None
    type_ = None if isinstance(thing, Application) else as_words(thing.type)
    return NamedThing(type=type_ or default_type, id=thing.id or None, name=as_words(thing.name))


def _first_detail(document: Document, paths: tuple[str, ...]) -> str | None:
    return next((found for path in paths if (found := find_detail(document, path))), None)


def _targets_in_details(details: Mapping[str, Any]) -> Iterator[NamedThing]:
    name, identifier = as_words(details.get(MEMBER.name)), as_words(details.get(MEMBER.id))
    if name or identifier:
        yield NamedThing(type="user", id=identifier, name=name)
    for key, target_type in TARGETS:
        ids = details.get(key)
        if isinstance(ids, list | tuple):
            for each in filter(None, map(as_words, ids)):
                yield NamedThing(type=target_type, id=each, name=None)

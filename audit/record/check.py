"""Checks the rules of an event that its types don't say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from unicodedata import category

from msgspec.structs import astuple

from audit.conf import AuditSettings, audit_settings
from audit.errors import Problem
from audit.log.times import BadTime, parse_time, to_micros
from audit.record.evidence.parts import is_person
from audit.vocabulary import is_product_type

from .origin import Origin
from .submitted import Change, Resource, SubmittedEvent

MAX_TARGETS = 1_000
# Keys of object stores, addresses: of what is neither a person nor an app nor a data source, which
# are counted by day under their ids.
MAX_RESOURCE_ID_CHARACTERS = 1_024
MAX_RESOURCE_ID_BYTES = 2_000
SHORT_RESOURCES = frozenset({"app", "application", "data_source", "datasource"})
# Tables of names and of targets are keyed by type and id; an index's entry has at most 2,704 bytes.
MAX_KEY_BYTES = 2_500
HOUR_MICROS = 3_600_000_000
_SEQUENCES = range(-(2**63), 2**63)
_CONTAINERS = (dict, list, tuple, Change)


def check_event(
    event: SubmittedEvent, *, origin: Origin, received_us: int
) -> tuple[int, tuple[Problem, ...]]:
    """Return when the event happened (microseconds since 1970), and what is wrong with it."""
    settings = audit_settings()
    found: list[Problem] = []
    if is_product_type(event.type) and origin.sender_id is not None:
        found.append(
            Problem("/type", f"{event.type!r} is a type of the audit log's own; use another prefix")
        )
    found += [
        Problem(pointer, "holds nothing but blanks")
        for pointer, text in _types(event)
        if text and not _is_seen(text)
    ]
    time_us = _check_time(found, event.time, received_us, settings)
    if event.sequence is not None:
        _check_sequence(found, event.sequence)
    if (
        origin.workspace is not None
        and event.workspace is not None
        and event.workspace.id != origin.workspace
    ):
        found.append(
            Problem("/workspace/id", f"this key may only write to workspace {origin.workspace!r}")
        )
    for pointer, value in (("/details", event.details), ("/changes", event.changes)):
        if value and _is_deep(value, settings.MAX_NESTING):
            found.append(Problem(pointer, f"is nested deeper than {settings.MAX_NESTING} levels"))
    shortest = min(
        settings.MAX_ID_CHARACTERS, settings.MAX_NAME_CHARACTERS, settings.MAX_EVENT_ID_CHARACTERS
    )
    if not _has_ordinary_texts(event, shortest):
        found += _problems_of_texts(event, settings)
    return time_us, tuple(found)


def _is_deep(value: Any, levels: int) -> bool:
    """Are objects and lists nested deeper, with the event around them?

    Of what comes as JSON that is known already; what is handed in by code must be readable, too.
    """
    level = [value]
    for _ in range(levels - 1):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner += [one for one in each.values() if isinstance(one, _CONTAINERS)]
            elif isinstance(each, Change):
                inner += [one for one in (each.old, each.new) if isinstance(one, _CONTAINERS)]
            else:
                inner += [one for one in each if isinstance(one, _CONTAINERS)]
        if not inner:
            return False
        level = inner
    return True


def _is_seen(text: str) -> bool:
    """Is there anything in it but blanks and what takes no room, such as U+200B?"""
    return any(category(letter)[0] not in "ZC" for letter in text)


def _types(event: SubmittedEvent) -> Iterator[tuple[str, str]]:
    yield "/type", event.type
    if event.resource is not None:
        yield "/resource/type", event.resource.type
    for index, target in enumerate(event.targets or ()):
        yield f"/targets/{index}/type", target.type


def _has_ordinary_texts(event: SubmittedEvent, shortest: int) -> bool:
    """Is every text within the lowest of the limits? Then no limit need be checked by name."""
    texts = [event.type, event.id, event.source]
    for part in (event.workspace, event.actor, event.application, event.resource):
        if part is not None:
            texts += astuple(part)
    for target in event.targets or ():
        texts += astuple(target)
    context = event.context
    if context is not None:
        texts += (context.ip, context.session, context.request_id, context.trace)
    given = [text for text in texts if text is not None]
    return (
        len(given) <= MAX_TARGETS
        and "" not in given
        and len(max(given, key=len)) <= shortest
        and "\0" not in "".join(given)
    )


def _problems_of_texts(event: SubmittedEvent, settings: AuditSettings) -> list[Problem]:
    found = _Found(
        id=settings.MAX_ID_CHARACTERS,
        name=settings.MAX_NAME_CHARACTERS,
        event_id=settings.MAX_EVENT_ID_CHARACTERS,
    )
    _check_id(found, "/type", event.type, found.event_id)
    if event.id is not None:
        _check_id(found, "/id", event.id, found.event_id)
    if event.workspace is not None:
        _check_id(found, "/workspace/id", event.workspace.id)
        _check_name(found, "/workspace/name", event.workspace.name)
    if event.actor is not None:
        _check_id(found, "/actor/id", event.actor.id)
        _check_name(found, "/actor/name", event.actor.name)
        _check_name(found, "/actor/email", event.actor.email)
    if event.application is not None:
        _check_id(found, "/application/id", event.application.id)
        _check_id(found, "/application/gid", event.application.gid)
        _check_name(found, "/application/name", event.application.name)
    if event.resource is not None:
        _check_resource(found, "/resource", event.resource)
    for index, target in enumerate(event.targets or ()):
        if index == MAX_TARGETS:
            found.append(Problem("/targets", f"at most {MAX_TARGETS:,} targets an event"))
            break
        _check_resource(found, f"/targets/{index}", target)
    if event.context is not None:
        _check_id(found, "/context/session", event.context.session)
        _check_id(found, "/context/request_id", event.context.request_id)
        _check_id(found, "/context/trace", event.context.trace)
        # Not only addresses: what is none stays as the text that it is.
        _check_name(found, "/context/ip", event.context.ip)
    _check_id(found, "/source", event.source)
    return found


def _check_resource(found: _Found, pointer: str, resource: Resource) -> None:
    _check_id(found, f"{pointer}/type", resource.type)
    _check_name(found, f"{pointer}/name", resource.name)
    if is_person(resource) or resource.type.lower() in SHORT_RESOURCES:
        _check_id(found, f"{pointer}/id", resource.id)
        return
    _check_id(found, f"{pointer}/id", resource.id, max(found.id, MAX_RESOURCE_ID_CHARACTERS))
    if resource.id is None or len(resource.id) <= found.id:
        return
    size = len(resource.id.encode(errors="replace"))
    if size > MAX_RESOURCE_ID_BYTES:
        message = f"has {size:,} bytes; the limit is {MAX_RESOURCE_ID_BYTES:,}"
        found.append(Problem(f"{pointer}/id", message))
    elif size + len(resource.type.encode(errors="replace")) > MAX_KEY_BYTES:
        message = f"has more than {MAX_KEY_BYTES:,} bytes together with its type"
        found.append(Problem(f"{pointer}/id", message))


class _Found(list[Problem]):
    """What is wrong so far; id, name, event_id: how many characters one may have."""

    __slots__ = ("event_id", "id", "name")

    def __init__(self, *, id: int, name: int, event_id: int) -> None:
        super().__init__()
        self.id = id
        self.name = name
        self.event_id = event_id


def _check_id(found: _Found, pointer: str, text: str | None, limit: int | None = None) -> None:
    if text is None:
        return
    limit = limit or found.id
    if not text:
        said = "is empty" if pointer == "/type" else "is empty; leave it out or give a value"
        found.append(Problem(pointer, said))
    elif len(text) > limit:
        found.append(Problem(pointer, f"has {len(text):,} characters; the limit is {limit:,}"))
    elif "\0" in text:
        found.append(Problem(pointer, "holds U+0000, which can't be stored"))


def _check_name(found: _Found, pointer: str, text: str | None) -> None:
    if text is None:
        return
    if len(text) > found.name:
        found.append(Problem(pointer, f"has {len(text):,} characters; the limit is {found.name:,}"))
    elif "\0" in text:
        found.append(Problem(pointer, "holds U+0000, which can't be stored"))


def _check_sequence(found: list[Problem], sequence: int) -> None:
    if sequence not in _SEQUENCES:
        found.append(Problem("/sequence", f"{sequence} is outside of −2^63 to 2^63−1"))


def _check_time(
    found: list[Problem], text: str | None, received_us: int, settings: AuditSettings
) -> int:
    if text is None:
        return received_us
    try:
        time_us = parse_time(text)
    except BadTime as error:
        found.append(Problem("/time", str(error)))
        return received_us
    if time_us < _year_start(settings.EARLIEST_YEAR):
        found.append(Problem("/time", f"{text!r} is before the year {settings.EARLIEST_YEAR}"))
    elif time_us > received_us + settings.MAX_AHEAD_HOURS * HOUR_MICROS:
        hours = settings.MAX_AHEAD_HOURS
        found.append(Problem("/time", f"{text!r} is more than {hours} hours ahead of this server"))
    return time_us


@lru_cache(maxsize=4)
def _year_start(year: int) -> int:
    return to_micros(datetime(year, 1, 1, tzinfo=UTC))


def received_micros(received_at: datetime) -> int:
    """Return the microseconds since 1970 of the time of receipt, which must have a zone."""
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    return to_micros(received_at)

"""Divides an event into three canonical texts, and computes their commitments and the leaf.

The formats are fixed: independent verifiers read them (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from audit.record.origin import Origin
from audit.record.submitted import Actor, Context, Resource, SubmittedEvent
from audit.tlog.hashes import leaf_hash
from audit.tlog.leaves import LEAF_PREFIX, PART_LABELS
from audit.vocabulary import event_type
from audit.vocabulary.person_types import is_person_type

# Structs say their members in order; of what a sender makes up, the keys are sorted.
_encode = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode


class Parts(NamedTuple):
    """The three texts, compact JSON with sorted keys in UTF-8; `{}` where a part holds nothing."""

    head: bytes
    personal: bytes
    details: bytes


def make_head(event: SubmittedEvent, *, event_id: str, origin: Origin, received_at: str) -> bytes:
    """Return the first part: ids, types and times, by whom and when it was handed in.

    event_id: the event's UUID as text; received_at: RFC 3339 text
    """
    application, resource, workspace = event.application, event.resource, event.workspace
    return _encode(
        _Head(
            address=origin.ip_address,
            application=_Ids(application.gid, application.id)
            if application is not None
            and (application.id is not None or application.gid is not None)
            else None,
            environment=origin.environment,
            id=event_id,
            key=origin.key_id,
            outcome=event.outcome,
            received_at=received_at,
            resource=_Typed(id=resource.id, type=resource.type)
            if resource is not None and not is_person(resource)
            else None,
            sender=_Sender(origin.sender_id, origin.sender)
            if origin.sender_id is not None
            else None,
            sequence=event.sequence,
            source=event.source,
            submitted_id=event.id,
            time=event.time,
            type=event.type,
            workspace=workspace.id if workspace is not None else None,
        )
    )


def make_content(event: SubmittedEvent) -> tuple[bytes, bytes]:
    """Return the other two parts: what is a person's, and the rest. They hold no id of ours."""
    personal, details = _Personal(), _Details()
    if event.workspace is not None:
        details.workspace = _named(event.workspace.name)
    if event.application is not None:
        details.application = _named(event.application.name)
    if event.actor is not None and event.actor != _NOBODY:
        personal.actor = event.actor
    resource = event.resource
    if resource is not None:
        if is_person(resource):
            personal.resource = resource
        else:
            details.resource = _named(resource.name)
    if event.targets:
        # A place that the other list fills is null in this one, so the order can be read back.
        people = [t if is_person(t) else None for t in event.targets]
        others = [None if is_person(t) else t for t in event.targets]
        personal.targets = people if any(people) else None
        details.targets = others if any(others) else None
    context = event.context
    if context is not None:
        private = Context(
            client_hints=context.client_hints or None,
            ip=context.ip,
            session=context.session,
            user_agent=context.user_agent,
        )
        public = Context(request_id=context.request_id, trace=context.trace)
        personal.context = private if private != _NOWHERE else None
        details.context = public if public != _NOWHERE else None
    if event.changes:
        details.changes = [_Changed(c.field, c.new, c.old) for c in event.changes]
    if event.details:
        private_keys = event_type(event.type).personal_details
        if private_keys.isdisjoint(event.details):
            details.details = event.details
        else:
            personal.details = {k: v for k, v in event.details.items() if k in private_keys}
            rest = {k: v for k, v in event.details.items() if k not in private_keys}
            details.details = rest or None
    return _encode(personal), _encode(details)


# What the parts hold, members in the order of the alphabet; absent ones are left out.
class _Ids(Struct, omit_defaults=True):
    gid: str | None = None
    id: str | None = None


class _Typed(Struct, omit_defaults=True, kw_only=True):
    id: str | None = None
    type: str


class _Sender(Struct):
    id: int
    name: str


class _Named(Struct):
    name: str


class _Changed(Struct):
    """Old and new value are always said, also where one is null."""

    field: str
    new: Any
    old: Any


class _Head(Struct, omit_defaults=True, kw_only=True):
    address: str | None = None
    application: _Ids | None = None
    environment: str
    id: str
    key: int | None = None
    outcome: str | None = None
    received_at: str
    resource: _Typed | None = None
    sender: _Sender | None = None
    sequence: int | None = None
    source: str | None = None
    submitted_id: str | None = None
    time: str | None = None
    type: str
    workspace: str | None = None


class _Personal(Struct, omit_defaults=True):
    actor: Actor | None = None
    context: Context | None = None
    details: dict[str, Any] | None = None
    resource: Resource | None = None
    targets: list[Resource | None] | None = None


class _Details(Struct, omit_defaults=True):
    application: _Named | None = None
    changes: list[_Changed] | None = None
    context: Context | None = None
    details: dict[str, Any] | None = None
    resource: _Named | None = None
    targets: list[Resource | None] | None = None
    workspace: _Named | None = None


_NOBODY = Actor()
_NOWHERE = Context()


def _named(name: str | None) -> _Named | None:
    return _Named(name) if name is not None else None


def is_person(resource: Resource) -> bool:
    """Is this resource or target a person?"""
    return is_person_type(resource.type)


def make_leaf_hash(event_id: bytes, parts: Parts, salts: bytes) -> bytes:
    """Return the leaf hash of an event, the sender's receipt.

    event_id: 16 bytes; salts: three of SALT_BYTES, in the order of PARTS.
    """
    return leaf_hash(
        LEAF_PREFIX
        + event_id
        + sha256(PART_LABELS["head"] + salts[:16] + parts.head).digest()
        + sha256(PART_LABELS["personal"] + salts[16:32] + parts.personal).digest()
        + sha256(PART_LABELS["details"] + salts[32:48] + parts.details).digest()
    )


def sender_content(head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a decoded head that the sender gave, its time apart.

    The time is compared as an instant, through the id; the rest was added here.
    """
    added = ("id", "received_at", "sender", "key", "address", "environment", "time")
    return {name: value for name, value in head.items() if name not in added}

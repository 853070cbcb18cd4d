"""What of an event is evidence? Three canonical texts, their commitments, and the leaf.

The formats are fixed: independent verifiers read them (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from audit.tlog.hashes import leaf_hash
from audit.vocabulary import event_type

from .origin import Origin
from .submitted import Resource, SubmittedEvent

SALT_BYTES = 16
PARTS = ("head", "personal", "details")
PERSON_TYPES = frozenset({"user", "person", "member", "actor"})
LEAF_PREFIX = b"\x01"
_LABEL = {part: f"audit/v1/{part}\n".encode() for part in PARTS}
_encode = msgspec.json.Encoder(order="sorted", decimal_format="number").encode


class Parts(NamedTuple):
    """The three texts, compact JSON with sorted keys in UTF-8; `{}` where a part holds nothing."""

    head: bytes
    personal: bytes
    details: bytes


def make_parts(event: SubmittedEvent, *, event_id: str, origin: Origin, received_at: str) -> Parts:
    """Divide an event into what is nobody's, what is a person's, and the rest.

    event_id: the event's UUID as text; received_at: RFC 3339 text.
    """
    head = make_head(event, event_id=event_id, origin=origin, received_at=received_at)
    return Parts(head, *make_content(event))


def make_head(event: SubmittedEvent, *, event_id: str, origin: Origin, received_at: str) -> bytes:
    """Return the first part: ids, types and times, by whom and when it was handed in."""
    head: dict[str, Any] = {
        "environment": origin.environment,
        "id": event_id,
        "received_at": received_at,
        "type": event.type,
    }
    if event.id is not None:
        head["submitted_id"] = event.id
    if event.time is not None:
        head["time"] = event.time
    if event.outcome is not None:
        head["outcome"] = event.outcome
    if event.source is not None:
        head["source"] = event.source
    if event.sequence is not None:
        head["sequence"] = event.sequence
    if origin.sender_id is not None:
        head["sender"] = {"id": origin.sender_id, "name": origin.sender}
    if origin.key_id is not None:
        head["key"] = origin.key_id
    if origin.address is not None:
        head["address"] = origin.address
    if event.workspace is not None:
        head["workspace"] = event.workspace.id
    if event.application is not None:
        ids = _present(id=event.application.id, gid=event.application.gid)
        if ids:
            head["application"] = ids
    if event.resource is not None and not is_person(event.resource):
        head["resource"] = _present(type=event.resource.type, id=event.resource.id)
    return _encode(head)


def make_content(event: SubmittedEvent) -> tuple[bytes, bytes]:
    """Return the other two parts: what is a person's, and the rest. They hold no id of ours."""
    personal: dict[str, Any] = {}
    details: dict[str, Any] = {}
    if event.workspace is not None and event.workspace.name is not None:
        details["workspace"] = {"name": event.workspace.name}
    if event.application is not None and event.application.name is not None:
        details["application"] = {"name": event.application.name}
    actor = event.actor
    if actor is not None:
        given = _present(id=actor.id, name=actor.name, email=actor.email, type=actor.type)
        if given:
            personal["actor"] = given
    resource = event.resource
    if resource is not None:
        if is_person(resource):
            personal["resource"] = _resource(resource)
        elif resource.name is not None:
            details["resource"] = {"name": resource.name}
    if event.targets:
        # A place that the other list fills is null in this one, so the order can be read back.
        people = [_resource(t) if is_person(t) else None for t in event.targets]
        others = [None if is_person(t) else _resource(t) for t in event.targets]
        if any(people):
            personal["targets"] = people
        if any(others):
            details["targets"] = others
    context = event.context
    if context is not None:
        private = _present(
            ip=context.ip,
            user_agent=context.user_agent,
            client_hints=context.client_hints or None,
            session=context.session,
        )
        if private:
            personal["context"] = private
        public = _present(request_id=context.request_id, trace=context.trace)
        if public:
            details["context"] = public
    if event.changes:
        details["changes"] = [{"field": c.field, "old": c.old, "new": c.new} for c in event.changes]
    if event.details:
        private_keys = event_type(event.type).personal_details
        private = {k: v for k, v in event.details.items() if k in private_keys}
        if private:
            personal["details"] = private
            rest = {k: v for k, v in event.details.items() if k not in private_keys}
        else:
            rest = event.details
        if rest:
            details["details"] = rest
    return (
        _encode(personal) if personal else b"{}",
        _encode(details) if details else b"{}",
    )


def is_person(resource: Resource) -> bool:
    """Is this resource or target a person?"""
    return resource.type.lower() in PERSON_TYPES


def commitment(part: str, salt: bytes, body: bytes) -> bytes:
    """Return `SHA-256("audit/v1/" + part + "\\n" ‖ salt ‖ body)`, 32 bytes."""
    return sha256(_LABEL[part] + salt + body).digest()


def make_leaf_hash(event_id: bytes, parts: Parts, salts: bytes) -> bytes:
    """Return the leaf hash of an event, the sender's receipt.

    event_id: 16 bytes; salts: three of SALT_BYTES, in the order of PARTS.
    """
    return leaf_hash(
        LEAF_PREFIX
        + event_id
        + sha256(_LABEL["head"] + salts[:16] + parts.head).digest()
        + sha256(_LABEL["personal"] + salts[16:32] + parts.personal).digest()
        + sha256(_LABEL["details"] + salts[32:48] + parts.details).digest()
    )


def _resource(resource: Resource) -> dict[str, str]:
    return _present(type=resource.type, id=resource.id, name=resource.name)


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def sender_content(head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a decoded head that the sender gave, its time apart.

    The time is compared as an instant, through the id; the rest was added here.
    """
    added = ("id", "received_at", "sender", "key", "address", "environment", "time")
    return {name: value for name, value in head.items() if name not in added}

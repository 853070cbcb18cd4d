"""Reads the three stored texts of an event: makes of them what a reader gets.

The texts are canonical JSON whose members are known (docs/evidence.md). Members that hold anything
are passed on unread: decimals keep their digits. Written for speed: exports read millions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from audit.tlog.leaves import PARTS
from audit.vocabulary import event_type
from audit.vocabulary.document import (
    EMPTY_LIST,
    EMPTY_OBJECT,
    NOTHING,
    Actor,
    Application,
    Context,
    Document,
    Resource,
    Sender,
    Target,
    Workspace,
)

Text = bytes | str | None


class _Named(Struct, gc=False):
    name: str | None = None


class _Head(Struct, gc=False):
    type: str | None = None
    submitted_id: str | None = None
    workspace: str | None = None
    application: Application | None = None
    resource: Resource | None = None
    source: str | None = None
    sequence: int | None = None
    sender: Sender = Sender()
    key: int | None = None
    address: str | None = None


class _Personal(Struct, gc=False):
    actor: Actor | None = None
    resource: Target | None = None
    targets: list[Target | None] | None = None
    context: Context | None = None
    details: Raw = NOTHING


class _Details(Struct, gc=False):
    workspace: _Named | None = None
    application: _Named | None = None
    resource: _Named | None = None
    targets: list[Target | None] | None = None
    context: Context | None = None
    changes: Raw = EMPTY_LIST
    details: Raw = EMPTY_OBJECT


_read_head = msgspec.json.Decoder(_Head).decode
_read_personal = msgspec.json.Decoder(_Personal).decode
_read_details = msgspec.json.Decoder(_Details).decode
_NO_HEAD, _NO_PERSONAL, _NO_DETAILS, _NO_CONTEXT = _Head(), _Personal(), _Details(), Context()


def read_document(
    head_text: Text,
    personal_text: Text,
    details_text: Text,
    *,
    id: str,
    time: str,
    type: str,
    outcome: str | None,
    environment: str,
    received_at: str,
    client: Raw,
    place: Raw,
    redacted: Raw,
    submission: int,
    leaf: str | UnsetType | None = UNSET,
    position: int | UnsetType | None = UNSET,
    application: Callable[[str | None, str | None, str | None], Application] = Application,
) -> Document:
    """Return the event of three texts, None where one is erased, and what lies beside them.

    type: where the head is erased; application: of gid, id and name
    """
    head = _read_head(head_text) if head_text is not None else _NO_HEAD
    personal = _read_personal(personal_text) if personal_text is not None else _NO_PERSONAL
    details = _read_details(details_text) if details_text is not None else _NO_DETAILS
    kind = event_type(head.type or type)
    # By place: by name it would take ten times as long.
    return Document(
        id,
        head.submitted_id,
        time,
        kind.code,
        kind.group,
        kind.label,
        outcome,
        environment,
        _workspace(head.workspace, details.workspace),
        personal.actor,
        _application(head.application, details.application, application),
        personal.resource or _resource(head.resource, details.resource),  # type: ignore[arg-type]
        _targets(personal.targets, details.targets) if personal.targets or details.targets else (),
        _context(personal.context, details.context),
        details.changes,
        _merged(details.details, personal.details) if personal.details else details.details,
        head.source,
        head.sequence,
        received_at,
        Sender(head.sender.id, head.sender.name, head.key, head.address),
        client,
        place,
        redacted,
        leaf,
        submission,
        position,
        ()
        if head_text and personal_text and details_text
        else _erased(head_text, personal_text, details_text),
    )


def _workspace(id_: str | None, named: _Named | None) -> Workspace | None:
    if named is None:
        return Workspace(id_) if id_ is not None else None
    return Workspace(id_, named.name)


def _application(
    ids: Application | None, named: _Named | None, make: Callable[..., Application]
) -> Application | None:
    if ids is None:
        return make(None, None, named.name) if named else None
    return make(ids.gid, ids.id, named.name if named else None)


def _resource(ids: Resource | None, named: _Named | None) -> Resource | None:
    if ids is None:
        return Resource(name=named.name) if named else None
    return Resource(ids.id, ids.type, named.name) if named else ids


def _targets(
    people: Sequence[Target | None] | None, others: Sequence[Target | None] | None
) -> Sequence[Target]:
    """The two lists as one, in the sender's order; a place empty in both was erased."""
    both = (person or other for person, other in zip_longest(people or (), others or ()))
    return [target for target in both if target]


def _context(private: Context | None, public: Context | None) -> Context:
    if private is None or public is None:
        return private or public or _NO_CONTEXT
    return Context(
        private.raw_client_hints,
        private.ip,
        private.session,
        private.user_agent,
        public.request_id,
        public.trace,
    )


def _merged(one: Raw, other: Raw) -> Raw:
    """Return two objects as one; they have no member in common."""
    return Raw(bytes(one)[:-1] + b"," + bytes(other)[1:]) if one != EMPTY_OBJECT else other


def _erased(*texts: Text) -> tuple[str, ...]:
    return tuple(name for name, text in zip(PARTS, texts, strict=True) if text is None)

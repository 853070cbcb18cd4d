"""What is an event in an export? The API's own document, put together from stored texts.

Members are set in as they were stored: decimals keep their digits, and a document costs a fraction
of what decoding and encoding it would.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct

from audit.log.ids import micros_of_bytes
from audit.query.document import join_targets
from audit.tlog.leaves import PARTS
from audit.vocabulary import EventType, event_type

from .lookups import Words
from .rows import Row
from .stored_parts import (
    ERASED_DETAILS,
    ERASED_HEAD,
    ERASED_PERSONAL,
    NOTHING,
    NULL,
    Ids,
    Named,
    read_details,
    read_head,
    read_personal,
)
from .time_texts import micros_of_timestamp, rfc3339

EMPTY = Raw(b"{}")
NONE = Raw(b"[]")
MAX_KNOWN = 20_000


class Thing(Struct, gc=False, omit_defaults=True):
    """A workspace, application or resource; what it lacks is left out."""

    id: Raw = NOTHING
    gid: Raw = NOTHING
    type: Raw = NOTHING
    name: Raw = NOTHING


class Sender(Struct, gc=False):
    id: Raw
    name: Raw
    key: Raw
    address: Raw


class Document(Struct, gc=False):
    """One event as `audit.query.document` says it, but for `leaf` and `position`: these belong to
    the evidence. What is Raw is JSON already.
    """

    id: str
    submitted_id: Raw
    time: str
    type: str
    group: str
    label: str
    outcome: str | None
    environment: str
    workspace: Thing | None
    actor: Raw
    application: Thing | None
    resource: Any
    targets: Raw
    context: Raw
    changes: Raw
    details: Raw
    source: Raw
    sequence: Raw
    received_at: str
    sender: Sender
    client: Raw
    place: Raw
    redacted: Raw
    submission: int
    erased: Sequence[str]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class Documents:
    """Makes the documents of one export."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[Any, Any] = {}

    def make(self, row: Row) -> Document:
        """Return the document of one event. Written for speed: only what is rare is a call away."""
        # fmt: off
        (
            id_, raw_id, head_text, personal_text, details_text, environment, type_, outcome,
            client_id, submission_id, received_at, redacted, country, region, city, latitude,
            longitude, radius_km, time_zone, network, organisation, place_kind, _,
        ) = row
        # fmt: on
        head = read_head(head_text) if head_text is not None else ERASED_HEAD
        personal = read_personal(personal_text) if personal_text is not None else ERASED_PERSONAL
        details = read_details(details_text) if details_text is not None else ERASED_DETAILS
        words, known = self._words, self._known
        kind = _type(head.type or words.types[type_])
        people, others = personal.targets, details.targets
        # fmt: off
        place = None if place_kind is None else (
            country, region, city, latitude, longitude, radius_km, time_zone, network,
            organisation, place_kind,
        )
        # fmt: on
        return Document(
            id_.decode(),
            head.submitted_id,
            rfc3339(micros_of_bytes(raw_id)),
            kind.code,
            kind.group,
            kind.label,
            words.outcomes[outcome] if outcome is not None else None,
            words.environments[environment],
            _workspace(head.workspace, details.workspace),
            personal.actor,
            _thing(head.application, details.application),
            personal.resource or _thing(head.resource, details.resource),
            _targets(people, others) if people or others else NONE,
            _merged(personal.context, details.context)
            if details.context
            else personal.context or EMPTY,
            details.changes,
            _merged(details.details, personal.details)
            if personal.details
            else details.details or EMPTY,
            head.source,
            head.sequence,
            known.get(received_at) or self._received(received_at),
            Sender(head.sender.id, head.sender.name, head.key, head.address),
            (known.get((client_id,)) or self._client(client_id)) if client_id else NULL,
            (known.get(place) or self._place(place)) if place else NULL,
            Raw(redacted) if redacted else NONE,
            int.from_bytes(submission_id, "big"),
            () if head_text and personal_text and details_text else _erased(row),
        )

    def _received(self, raw: bytes) -> str:
        """Many events come in one receipt."""
        return self._keep(raw, rfc3339(micros_of_timestamp(raw)))

    def _client(self, raw: bytes) -> Raw:
        return self._keep((raw,), Raw(_encode(self._words.clients.get(raw))))

    def _place(self, raw: tuple[bytes | None, ...]) -> Raw:
        return self._keep(raw, Raw(_encode(self._words.place(raw))))

    def _keep(self, key: Any, value: Any) -> Any:
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        self._known[key] = value
        return value


def _workspace(id_: Raw, named: Named | None) -> Thing | None:
    if not id_ and named is None:
        return None
    return Thing(id_ or NOTHING, NOTHING, NOTHING, named.name if named else NOTHING)


def _thing(ids: Ids | None, named: Named | None) -> Thing | None:
    if ids is None:
        return Thing(name=named.name) if named else None
    return Thing(ids.id, ids.gid, ids.type, named.name if named else NOTHING)


def _merged(one: Raw, other: Raw) -> Raw:
    """Return two objects as one; neither is empty, and they have no member in common."""
    return Raw(bytes(one)[:-1] + b"," + bytes(other)[1:]) if one else other


def _targets(people: Raw, others: Raw) -> Raw:
    if not (people and others) and b"null" not in bytes(people or others):
        return people or others
    read = (_decode(part) if part else None for part in (people, others))
    return Raw(_encode(join_targets(*read)))


@lru_cache(maxsize=2_048)
def _type(code: str) -> EventType:
    return event_type(code)


def _erased(row: Row) -> list[str]:
    return [name for name, text in zip(PARTS, row[2:5], strict=True) if text is None]

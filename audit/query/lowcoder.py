"""Translates Lowcoder's parameters into a search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from audit.contracts import Scope
from audit.errors import BadParameter
from audit.query.search.event_query import EventQuery
from audit.query.search.parameters import parse_query
from audit.vocabulary import nearest

# theirs → ours; `environmentId` is the key of an environment here
NAMES: Mapping[str, str] = {
    "environmentId": "environment",
    "orgId": "workspace",
    "userId": "actor",
    "appId": "application",
    "eventType": "type",
    "datasourceId": "resource",
    "queryId": "resource",
    "folderId": "resource",
    "groupId": "resource",
    "libraryQueryId": "resource",
    "bundleId": "resource",
    "fromTimestamp": "from",
    "toTimestamp": "to",
}
EVENT_ID = "eventId"
PAGING = ("pageNum", "pageSize")
TIMES = ("fromTimestamp", "toTimestamp")
# ISO 8601 writes much: 2026-03-05T09:00, 2026-03-05 09:00:00.5+0100; "+" in an address is a space
_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<minute>[0-9]{2}:[0-9]{2})"
    r"(?P<second>:[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?P<offset>[Zz]|[+\- ][0-9]{2}(?::?[0-9]{2})?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowcoderSearch:
    """A search, and the one event of it that is asked for by its id."""

    query: EventQuery
    event_id: UUID | None = None


def in_our_words(params: QueryDict) -> QueryDict:
    """Return the same search with our names; paging and the event's id are left out, and what we
    don't know goes along as it is.
    """
    ours = QueryDict(mutable=True)
    for name, values in params.lists():
        if name in PAGING or name == EVENT_ID:
            continue
        for value in values:
            said = with_offset(value) if name in TIMES else value
            ours.appendlist(NAMES.get(name, name), said)
    return ours


def parse_lowcoder(
    params: QueryDict, *, scope: Scope, now: datetime, also: Iterable[str] = ()
) -> LowcoderSearch:
    """Return what the parameters ask for, inside the scope.

    also: names that the caller reads itself. Raises BadParameter in Lowcoder's words.
    """
    known = {*NAMES, EVENT_ID, *also}
    for name in params:
        if name not in known:
            like = nearest(name, known)
            hint = f" (did you mean {like!r}?)" if like else ""
            raise BadParameter(name, f"unknown parameter {name[:64]!r}{hint}.")
    ours = in_our_words(params)
    for name in also:
        ours.pop(name, None)
    try:
        query = parse_query(ours, scope=scope, now=now)
    except BadParameter as error:
        said = (t for t, name in NAMES.items() if name == error.parameter and params.get(t))
        theirs = next(said, error.parameter)
        message = theirs + error.message.removeprefix(error.parameter)
        raise BadParameter(theirs, message) from None
    return LowcoderSearch(query=query, event_id=_event_id(params.get(EVENT_ID)))


def with_offset(text: str) -> str:
    """Return an ISO 8601 time as RFC 3339; without an offset it is UTC. Others as they are."""
    match = _ISO.fullmatch(text)
    if match is None:
        return text
    second = (match["second"] or ":00").replace(",", ".")
    return f"{match['day']}T{match['minute']}{second}{_offset(match['offset'] or 'Z')}"


def _offset(text: str) -> str:
    if text in "Zz":
        return "Z"
    digits = text[1:].replace(":", "").ljust(4, "0")
    sign = "-" if text[0] == "-" else "+"
    return f"{sign}{digits[:2]}:{digits[2:]}"


def _event_id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise BadParameter(EVENT_ID, f"{EVENT_ID} {text[:64]!r} is no event's id.") from None

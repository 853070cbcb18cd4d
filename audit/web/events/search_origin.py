"""Finds the search that one came from to an event, and its neighbours there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse

from audit.contracts import Scope
from audit.log.ids import time_of
from audit.query import count_events
from audit.query.search.neighbours import find_neighbours
from audit.web.parts.text import count_text
from audit.web.parts.url import Address

from .rows import event_path
from .search import read_address

NOT_THE_SEARCHS = ("part",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameFrom:
    """back: the search; place, count: "2" of "31"; None for a neighbour that isn't there"""

    back: str
    place: str
    count: str
    newer: str | None
    older: str | None


def came_from(
    params: QueryDict, *, event_id: UUID, scope: Scope, zone: ZoneInfo, now: datetime
) -> CameFrom | None:
    """params: of the event's own address, which are those of the search; None for a bare link."""
    search = Address.of(reverse("audit_web:events"), dict(params.lists()))
    search = search.only(**dict.fromkeys(NOT_THE_SEARCHS))
    if not search.pairs:
        return None
    asked = read_address(search.query_dict(), scope=scope, zone=zone, now=now)
    beside = find_neighbours(asked.query, event_id=event_id, now=now)
    just_after = time_of(event_id) + timedelta(microseconds=1)
    before = count_events(replace(asked.query, start=_later(asked.query.start, just_after)))
    count = count_events(asked.query)
    return CameFrom(
        back=str(search),
        place=count_text(before.count + beside.newer_at_once + 1, is_capped=before.is_capped),
        count=count_text(count.count, is_capped=count.is_capped),
        newer=_page(search, beside.newer),
        older=_page(search, beside.older),
    )


def _later(one: datetime | None, other: datetime) -> datetime:
    return max(one, other) if one is not None else other


def _page(search: Address, event_id: UUID | None) -> str | None:
    return str(replace(search, path=event_path(str(event_id)))) if event_id is not None else None

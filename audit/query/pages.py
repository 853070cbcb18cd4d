"""Which page of events comes next?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.conf import Scope, audit_settings
from audit.record.ids import time_of
from audit.record.store import own_cursor

from .conditions import scope_condition
from .cursors import Cursor, read_cursor, write_cursor
from .documents import fetch_documents
from .event_query import EventQuery
from .search import find_ids

MAX_PAGE_SIZE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, newest first.

    results: documents as `audit.query.documents` makes them; next, previous: cursors to older and
    newer events, or None; searched_back_to: how far a bounded search looked, where it is not
    complete
    """

    results: tuple[dict[str, Any], ...]
    next: str | None
    previous: str | None
    searched_back_to: datetime | None
    complete: bool


def find_events(query: EventQuery, *, cursor: str | None, page_size: int) -> Page:
    """Return a page of the search. page_size: 1 to MAX_PAGE_SIZE. Raises BadCursor."""
    if not 1 <= page_size <= MAX_PAGE_SIZE:
        raise ValueError(f"page_size {page_size} is not within 1 to {MAX_PAGE_SIZE}")
    now = timezone.now()
    at = read_cursor(cursor, query) if cursor else None
    direction = at.direction if at else "older"
    db = own_cursor(audit_settings().DATABASE)
    found = find_ids(
        db,
        query,
        beyond=at.beyond if at else None,
        direction=direction,
        limit=page_size + 1,
        now=now,
    )
    ids = found.ids[:page_size]
    has_more = len(found.ids) > page_size
    # Where the next call in the same direction goes on, if there is anything left.
    onward = ids[-1] if has_more else found.reached if not found.is_complete else None
    back = (ids[0] if ids else UUID(int=at.beyond.int - 1)) if at is not None else None
    older, newer = (onward, back) if direction == "older" else (back, onward)
    if direction == "newer":
        ids = ids[::-1]
        # Going back up, what one came from lies below.
        older = ids[-1] if ids else (UUID(int=at.beyond.int + 1) if at else None)
    documents = fetch_documents(db, ids, scoped=scope_condition(db, query))
    return Page(
        results=tuple(documents),
        next=write_cursor(Cursor(older, "older"), query) if older else None,
        previous=write_cursor(Cursor(newer, "newer"), query) if newer else None,
        searched_back_to=time_of(found.reached) if found.reached else None,
        complete=found.is_complete,
    )


def get_event(event_id: UUID, *, scope: Scope) -> dict[str, Any] | None:
    """Return the document of one event, or None where it isn't or may not be seen."""
    documents = get_events([event_id], scope=scope)
    return documents[0] if documents else None


def get_events(ids: Sequence[UUID], *, scope: Scope) -> list[dict[str, Any]]:
    """Return the documents of these events, in their order; what may not be seen is left out."""
    db = own_cursor(audit_settings().DATABASE)
    scoped = scope_condition(db, EventQuery(scope=scope))
    return fetch_documents(db, ids, scoped=scoped)

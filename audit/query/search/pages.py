"""Pages through the events that match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import instant_of, time_of
from audit.query.document import fetch_documents
from audit.vocabulary.document import Document

from .conditions import scope_condition
from .cursors import read_cursor, write_cursor
from .event_query import EventQuery
from .order_of_one_time import OPPOSITE, find_in_order, newest_first, turned_back

MAX_PAGE_SIZE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, newest first.

    next, previous: cursors to older and newer events, or None
    searched_back_to: how far a bounded search looked, where it is not complete
    by_id_at: a time of which there are too many events to be put in order: they stand in that of
        their ids
    """

    results: tuple[Document, ...]
    next: str | None
    previous: str | None
    searched_back_to: datetime | None
    complete: bool
    by_id_at: datetime | None


def find_events(query: EventQuery, *, cursor: str | None, page_size: int) -> Page:
    """Return a page of the search. page_size: 1 to MAX_PAGE_SIZE. Raises BadCursor."""
    if not 1 <= page_size <= MAX_PAGE_SIZE:
        raise ValueError(f"page_size {page_size} is not within 1 to {MAX_PAGE_SIZE}")
    now = timezone.now()
    at = read_cursor(cursor, query) if cursor else None
    direction = at.direction if at else "older"
    db = psycopg_cursor(audit_settings().READER_DATABASE)
    found = find_in_order(db, query, at=at, limit=page_size + 1, now=now)
    ids = found.ids[:page_size]
    has_more = len(found.ids) > page_size
    # Where the next call in the same direction goes on, if there is anything left.
    onward = found.beside(page_size - 1, direction) if has_more else found.reached
    if at is None:
        back = None
    else:
        back = found.beside(0, OPPOSITE[direction]) if ids else turned_back(at, found.reached)
    older, newer = (onward, back) if direction == "older" else (back, onward)
    if direction == "newer":
        ids = ids[::-1]
    documents = fetch_documents(db, ids, scoped=scope_condition(db, query))
    return Page(
        results=tuple(documents),
        next=write_cursor(older, query) if older else None,
        previous=write_cursor(newer, query) if newer else None,
        searched_back_to=time_of(found.reached.beyond) if found.reached else None,
        complete=found.reached is None,
        by_id_at=_shown_by_id(ids, found.by_id),
    )


def _shown_by_id(ids: Sequence[UUID], by_id: frozenset[int]) -> datetime | None:
    return next((time_of(id_) for id_ in ids if instant_of(id_) in by_id), None) if by_id else None


def get_event(event_id: UUID, *, scope: Scope) -> Document | None:
    """Return the document of one event, or None where it isn't or may not be seen."""
    db = psycopg_cursor(audit_settings().READER_DATABASE)
    scoped = scope_condition(db, EventQuery(scope=scope))
    documents = fetch_documents(db, [event_id], scoped=scoped)
    return documents[0] if documents else None


def get_events(ids: Iterable[UUID], *, scope: Scope) -> list[Document]:
    """Return the documents of these events, newest first; what may not be seen is left out."""
    db = psycopg_cursor(audit_settings().READER_DATABASE)
    query = EventQuery(scope=scope)
    in_order = newest_first(db, query, ids)
    return fetch_documents(db, in_order, scoped=scope_condition(db, query))

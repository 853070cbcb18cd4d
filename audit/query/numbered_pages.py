"""Finds a page by its number, within a stated depth, for clients without cursors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.query.counts.totals import CAP
from audit.query.search.bounded_search import find_ids
from audit.query.search.conditions import scope_condition
from audit.query.search.event_query import EventQuery
from audit.query.search.order_of_one_time import find_in_order
from audit.vocabulary.document import Document

from .document import fetch_documents

# No page begins deeper than this, and no total says more: what can be counted can be reached.
DEPTH = CAP


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPage:
    """total: how many match, at most DEPTH; is_capped: there are, or may be, more than that"""

    results: tuple[Document, ...]
    total: int
    is_capped: bool


def find_page(query: EventQuery, *, number: int, size: int) -> NumberedPage:
    """Return the page of this number, from 1, newest first. It must begin within DEPTH."""
    first = (number - 1) * size
    if not (number >= 1 and 1 <= size <= DEPTH and first < DEPTH):
        raise ValueError(f"page {number} of {size} is not within {DEPTH}")
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    limit = max(DEPTH, first + size) + 1
    found = find_in_order(cursor, query, at=None, limit=limit, now=timezone.now())
    ids = found.ids[first : first + size]
    return NumberedPage(
        results=tuple(fetch_documents(cursor, ids, scoped=scope_condition(cursor, query))),
        total=min(len(found.ids), DEPTH),
        is_capped=len(found.ids) > DEPTH or found.reached is not None,
    )


def find_one(query: EventQuery, event_id: UUID) -> NumberedPage:
    """Return the page that holds this event alone, or nothing where the search has it not."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    found = find_ids(
        cursor,
        query,
        beyond=UUID(int=event_id.int + 1),
        direction="older",
        limit=1,
        now=timezone.now(),
    )
    ids = [id_ for id_ in found.ids if id_ == event_id]
    results = tuple(fetch_documents(cursor, ids, scoped=scope_condition(cursor, query)))
    return NumberedPage(results=results, total=len(results), is_capped=False)

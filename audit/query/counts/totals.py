"""Counts what matches: exactly where it is known, else up to a cap."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.query.search.bounded_search import find_ids
from audit.query.search.event_query import EventQuery

from .histogram import histogram
from .rollups import is_served

CAP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """count: how many; is_capped: there are, or may be, more than that."""

    count: int
    is_capped: bool


def count_events(query: EventQuery) -> Count:
    """Count what matches: from the rollups where they know all filters, else (or where that takes
    too long) up to CAP, within the budget of a search.
    """
    if is_served(query) and (bars := histogram(query)).complete:
        return Count(count=bars.total, is_capped=False)
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    found = find_ids(
        cursor, query, beyond=None, direction="older", limit=CAP + 1, now=timezone.now()
    )
    count = min(len(found.ids), CAP)
    return Count(count=count, is_capped=len(found.ids) > CAP or not found.is_complete)

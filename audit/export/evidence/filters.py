"""Turns a search of one environment into what an export of its log is to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg

from audit.facets import EXCLUDE
from audit.log.times import format_time
from audit.query.search.conditions import (
    Condition,
    bounds_condition,
    facet_conditions,
    joined,
    scope_condition,
)
from audit.query.search.event_query import EventQuery
from audit.seal.published import Published
from audit.seal.receipt_times import first_position_since

from .directory import Wanted


def wanted_of(
    cursor: psycopg.Cursor[Any],
    published: Published,
    query: EventQuery,
    *,
    first: int = 0,
    next_: int | None = None,
) -> Wanted:
    """Return what an export of a search holds. Bounds of the recording are positions, so that it
    is complete without other filters.

    query: of one environment, published's; first, next_: positions that bound it besides, up to
    the end of what is signed without next_
    """
    (key,) = query.scope.environments
    is_to_end = next_ is None and query.recorded_end is None
    next_ = published.checkpoint.size if next_ is None else next_
    if query.recorded_start is not None:
        since = first_position_since(cursor, published.environment, query.recorded_start)
        first = max(first, since)
    if query.recorded_end is not None:
        until = first_position_since(cursor, published.environment, query.recorded_end)
        next_ = min(next_, until)
    whole = Wanted(key=key, first=min(first, next_), next=next_, is_to_end=is_to_end)
    said = " ".join(f"{name}={value}" for name, value in _filters(query))
    if not said:
        return whole
    return replace(whole, matching=_matching(cursor, query), filter_=said)


def _matching(cursor: psycopg.Cursor[Any], query: EventQuery) -> Condition:
    """Return the condition that holds for what a search finds, inside its scope."""
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, query.highest_id)
    return joined([scope_condition(cursor, query), bounds, *indexed, *residual])


def _filters(query: EventQuery) -> Iterator[tuple[str, str]]:
    """Yield what leaves out anything of the environment, names and values as the API has them."""
    for prefix, facets in (("", query.include), (EXCLUDE, query.exclude)):
        for name, values in facets.items():
            yield from ((prefix + name, value) for value in values)
    for name, moment in (("from", query.start), ("to", query.end)):
        if moment is not None:
            yield name, format_time(moment)
    yield from (("q", word) for word in query.words)
    for workspaces in query.scope.grants.values():
        # Whoever sees some workspaces alone gets what is of these.
        yield from (("seen_workspace", each) for each in sorted(workspaces or ()))
        if workspaces is not None and not workspaces:
            yield "seen_workspace", ""

"""Turns the filters of a search into a condition over the events of one environment."""

from __future__ import annotations

from typing import Any

import psycopg

from audit.query.search.conditions import (
    Condition,
    bounds_condition,
    facet_conditions,
    joined,
    scope_condition,
)
from audit.query.search.event_query import EventQuery


def matching_condition(cursor: psycopg.Cursor[Any], query: EventQuery) -> Condition:
    """Return the condition that holds for what a search finds, inside its scope."""
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, query.highest_id)
    return joined([scope_condition(cursor, query), bounds, *indexed, *residual])


def is_filtered(query: EventQuery) -> bool:
    """Does the search leave out anything of its environments?"""
    return bool(query.include or query.exclude or query.words or query.start or query.end)

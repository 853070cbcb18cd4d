"""Into which days need a search look? Those on which the values that it wants occur."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import psycopg

from audit.facets import FACETS
from audit.log.day_values import DAYLESS, DAYLESS_KINDS, KINDS, PAIRED, UNINDEXED, pair_value
from audit.log.ids import id_floor
from audit.models.event_type import UNREGISTERED

from .conditions import environment_numbers, numbers_of, types_elsewhere
from .event_query import EventQuery

# With more events that are not counted yet, or more values, all days are looked into.
MAX_UNCOUNTED = 20_000
MAX_VALUES = 400
# Days that lie no further apart are looked into as one span, up to a length that plans quickly.
GAP = timedelta(days=2)
LONGEST = timedelta(days=62)
DAY = timedelta(days=1)
_UNCOUNTED = (
    "SELECT u.id FROM audit_submission s"  # noqa: S608 (numbers)
    " JOIN (SELECT w.submission_id FROM audit_pending w WHERE w.environment = ANY(%b)"
    " UNION ALL SELECT p.submission_id FROM audit_loghead h"
    " LEFT JOIN audit_rolluphead rh ON rh.environment = h.environment"
    " JOIN audit_position p ON p.environment = h.environment"
    " AND p.first >= coalesce(rh.position, 0) WHERE h.environment = ANY(%b)) AS fresh"
    " ON fresh.submission_id = s.id, unnest(s.event_ids) AS u (id)"
    f" LIMIT {MAX_UNCOUNTED + 1}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurring:
    """spans: `[low, high)` of ids, oldest first, in which counted events may match; uncounted:
    ids of events that may match anywhere, since no day is known of them yet.
    """

    spans: Sequence[tuple[UUID, UUID]]
    uncounted: Sequence[UUID]


def find_occurring(
    cursor: psycopg.Cursor[Any], query: EventQuery, *, is_by_index: bool
) -> Occurring | None:
    """Return where matches can be, or None where that isn't known: then anywhere.

    is_by_index: an index decides the search: then what lies between two days costs less than to
        ask once more, and there is one span
    """
    wanted = _kinds_wanted(cursor, query)
    environments = sorted(environment_numbers(cursor, query).values())
    lasting = {kind: values for kind, values in wanted.items() if kind in DAYLESS_KINDS}
    daily = {kind: values for kind, values in wanted.items() if kind not in DAYLESS_KINDS}
    if not daily or not environments:
        return None
    # First what is not counted, then the days: what is counted in between is in both.
    cursor.execute(_UNCOUNTED, [environments, environments], binary=True)
    uncounted = [row[0] for row in cursor]
    if len(uncounted) > MAX_UNCOUNTED:
        return None
    if lasting:
        environments = _where_met(cursor, environments, lasting)
    if not environments:
        return Occurring(spans=(), uncounted=uncounted)
    days = _days(cursor, environments, daily)
    spans = [(days[0], days[-1])] if days and is_by_index else _spans(days)
    return Occurring(
        spans=[(_floor(first), _floor(last + DAY)) for first, last in spans], uncounted=uncounted
    )


def _where_met(
    cursor: psycopg.Cursor[Any], environments: Sequence[int], wanted: Mapping[int, list[int]]
) -> list[int]:
    """Return the environments in which these values ever met."""
    cursor.execute(
        f"SELECT o.environment FROM ({_each(environments, wanted)}) AS o (environment, day, kind)"  # noqa: S608 (parts that bind their values, a number)
        f" GROUP BY o.environment HAVING count(*) = {len(wanted)}",
        list(wanted.values()),
        binary=True,
    )
    return [row[0] for row in cursor]


def _days(
    cursor: psycopg.Cursor[Any], environments: Sequence[int], wanted: Mapping[int, list[int]]
) -> list[date]:
    """Return the days, oldest first, on which these values occur in one environment."""
    cursor.execute(
        "SELECT DISTINCT d.day FROM (SELECT o.day"  # noqa: S608 (parts that bind their values, a number)
        f" FROM ({_each(environments, wanted)}) AS o (environment, day, kind)"
        f" GROUP BY o.environment, o.day HAVING count(*) = {len(wanted)}) AS d ORDER BY d.day",
        list(wanted.values()),
        binary=True,
    )
    return [row[0] for row in cursor]


def _each(environments: Sequence[int], wanted: Mapping[int, list[int]]) -> str:
    listed = ", ".join(map(str, environments))
    return " UNION ALL ".join(
        f"SELECT DISTINCT o.environment, o.day, {kind} FROM audit_occurrence o"  # noqa: S608 (numbers of environments and facets)
        f" WHERE o.environment IN ({listed}) AND o.kind = {kind} AND o.value = ANY(%b)"
        for kind in wanted
    )


def _kinds_wanted(cursor: psycopg.Cursor[Any], query: EventQuery) -> dict[int, list[int]]:
    """Return kind → values, any of which must occur on a day, for every kind that says most."""
    numbers = {
        name: numbers_of(cursor, FACETS[name], query.include[name])
        for name in (*PAIRED, *DAYLESS, *UNINDEXED)
        if name in query.include
    }
    if "type" in numbers and types_elsewhere(cursor, query):
        numbers["type"] += numbers_of(cursor, FACETS["type"], (UNREGISTERED,))
    if not numbers.keys() & set(UNINDEXED):
        return {}
    wanted = {
        kind: [pair_value(values) for values in product(*(numbers[f] for f in facets))]
        for facets, kind in KINDS.items()
        if all(facet in numbers for facet in facets)
    }
    return {kind: values for kind, values in wanted.items() if len(values) <= MAX_VALUES}


def _spans(days: Sequence[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] <= GAP and day - spans[-1][0] < LONGEST:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _floor(day: date) -> UUID:
    return id_floor(datetime.combine(day, time(), UTC))

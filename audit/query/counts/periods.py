"""Counts the events of a period by environment and type, whatever its length.

Whole days are read from the daily rollups, whole hours at the ends from the hourly ones, and only
what is left of an hour (under two in all) from the events themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.registry import EVENT_TYPES
from audit.query.search.event_query import EventQuery

from .rollups import RollupSpan, count_by_rollup, is_served
from .series import Range, Series, Split, count_ranges

HOUR = timedelta(hours=1)
Unit = Literal["event", "hour", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part `[start, end)` of a period, and what it is counted from."""

    unit: Unit
    start: datetime
    end: datetime


def count_span(cursor: psycopg.Cursor[Any], query: EventQuery) -> Counter[tuple[int, int]]:
    """Return (environment, type) → events, both as their small numbers.

    query: with both bounds.
    """
    (counts,) = count_spans(cursor, query, [_bounds(query)])
    return counts


def count_spans(
    cursor: psycopg.Cursor[Any], query: EventQuery, spans: Sequence[tuple[datetime, datetime]]
) -> tuple[Counter[tuple[int, int]], ...]:
    """Return what `count_span` does for each of several periods, asked for together.

    query: its own bounds count for nothing; spans: oldest first, none reaches into the next
    """
    counts: tuple[Counter[tuple[int, int]], ...] = tuple(Counter() for _ in spans)
    for series in _count(cursor, query, spans, split=frozenset({"environment", "type"})):
        for place, count in zip(series.buckets, series.counts, strict=True):
            counts[place][series.environment, series.type] += count
    return counts


def count_span_types(query: EventQuery) -> Counter[str]:
    """Return event type → events; query: as `count_span` takes it."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    counts: Counter[int] = Counter()
    for series in count_series(cursor, query, split=frozenset({"type"})):
        counts[series.type] += sum(series.counts)
    codes = EVENT_TYPES.texts_of(cursor, counts)
    return Counter({codes[number]: count for number, count in counts.items()})


def count_series(
    cursor: psycopg.Cursor[Any], query: EventQuery, *, split: frozenset[Split]
) -> Iterator[Series]:
    """Yield the counts, all of one bucket; query: as `count_span` takes it."""
    return _count(cursor, query, [_bounds(query)], split=split)


def _bounds(query: EventQuery) -> tuple[datetime, datetime]:
    assert query.start is not None  # a period has two ends
    assert query.end is not None
    return query.start, query.end


def _count(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    spans: Sequence[tuple[datetime, datetime]],
    *,
    split: frozenset[Split],
) -> Iterator[Series]:
    """Yield the counts, a bucket for each of the spans."""
    pieces: list[RollupSpan] = []
    cut: list[Range] = []
    if is_served(query):
        zone = ZoneInfo(audit_settings().TIME_ZONE)
        for place, span in enumerate(spans):
            for segment in segments(*span, zone):
                edges = (segment.start, segment.end)
                if segment.unit == "event":
                    cut.append(Range(edges=edges, first=place))
                else:
                    pieces.append(RollupSpan(unit=segment.unit, edges=edges, first=place))
    else:
        cut = [Range(edges=span, first=place) for place, span in enumerate(spans)]
    if cut:
        yield from count_ranges(cursor, query, cut, split=split)
    if pieces:
        yield from count_by_rollup(cursor, query, pieces, split=split)


def segments(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Segment]:
    """Yield `[start, end)` in pieces, in order; days are days of the zone, hours are UTC's."""
    first_day, last_day = day_after(start, zone), day_of(end, zone)
    if first_day >= last_day:
        yield from by_hours(start, end)
        return
    yield from by_hours(start, first_day)
    yield Segment(unit="day", start=first_day, end=last_day)
    yield from by_hours(last_day, end)


def by_hours(start: datetime, end: datetime) -> Iterator[Segment]:
    """Yield `[start, end)` in pieces, in order, without whole days."""
    floor = start.replace(minute=0, second=0, microsecond=0)
    first = floor if floor == start else floor + HOUR
    last = end.replace(minute=0, second=0, microsecond=0)
    if first >= last:
        yield from _unless_empty("event", start, end)
        return
    yield from _unless_empty("event", start, first)
    yield from _unless_empty("hour", first, last)
    yield from _unless_empty("event", last, end)


def day_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the start of the moment's day in the zone."""
    local = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return local.astimezone(moment.tzinfo)


def day_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the first start of a day in the zone that is not before the moment."""
    day = day_of(moment, zone)
    # The next day is found from its noon: days may have 23 or 25 hours.
    return day if day == moment else day_of(day + timedelta(hours=36), zone)


def _unless_empty(unit: Unit, start: datetime, end: datetime) -> Iterator[Segment]:
    if start < end:
        yield Segment(unit=unit, start=start, end=end)

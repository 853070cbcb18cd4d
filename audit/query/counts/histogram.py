"""Counts all that match by time, for bars of one width."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg
from django.db import transaction
from django.utils import timezone

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.ids import time_of
from audit.log.registry import OUTCOME_NUMBERS
from audit.models import EventType
from audit.query.search.ahead_of_now import open_end
from audit.query.search.conditions import environment_numbers, scope_condition
from audit.query.search.event_query import EventQuery
from audit.vocabulary import event_type

from .bar_edges import edges_of, interval_of
from .index_only import count_by_hash
from .periods import Segment, by_hours, count_series, segments
from .rollups import RollupSpan, count_by_rollup, is_served
from .series import Range, Series, Split, count_ranges
from .subject_bars import count_by_subject, is_of_subject

By = Literal["type", "group", "environment", "outcome"]
BY: tuple[By, ...] = ("type", "group", "environment", "outcome")
WHOLE_UP_TO = timedelta(days=1_000)
NO_OUTCOME = "none"
TIMEOUT_SECONDS = 5
# What has to be told apart to count by it.
_SPLIT: Mapping[By, Split] = {
    "type": "type",
    "group": "type",
    "environment": "environment",
    "outcome": "outcome",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The events of `[start, end)`, by series; the first and last may be cut by the range."""

    start: datetime
    end: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Buckets without gaps, oldest first; days are days of `zone`.

    interval: "minute", "hour" or "day", what the buckets are made of
    complete: false where counting took too long; then there are no buckets.
    """

    interval: str
    zone: str
    by: str
    buckets: tuple[Bucket, ...]
    total: int
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A histogram by one thing, and how many events there were of each value of several things.

    totals: empty where counting took too long
    """

    bars: Histogram
    totals: Mapping[By, Mapping[str, int]]


def histogram(
    query: EventQuery,
    *,
    by: By = "type",
    now: datetime | None = None,
    has_minutes: bool = False,
) -> Histogram:
    """Count what matches per hour (ranges up to HOURLY_UP_TO) or per day of the installation.

    has_minutes: short ranges are counted by MINUTES_UP_TO, from the events themselves
    Without `start` the histogram begins with the oldest event in scope, without `end` it ends with
    the later of now and the newest match.
    """
    return overview(query, by=by, totals_by=(), now=now, has_minutes=has_minutes).bars


def overview(
    query: EventQuery,
    *,
    by: By,
    totals_by: Sequence[By],
    now: datetime | None = None,
    has_minutes: bool = False,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Overview:
    """Return what `histogram` does, and totals by several things.

    timeout_seconds: of one statement; beyond it there is no histogram
    """
    now = now or timezone.now()
    using = audit_settings().READER_DATABASE
    zone = audit_settings().TIME_ZONE
    try:
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            # A chart that can't be had in time is not worth the database's.
            cursor.execute(f"SET LOCAL statement_timeout = '{timeout_seconds * 1000:.0f}ms'")
            start, end = _bounds(cursor, query, now)
            if start is None or start >= end:
                return _empty(zone, by, totals_by)
            interval, minutes = interval_of(end - start, has_minutes)
            edges = edges_of(start, end, interval == "day", minutes, ZoneInfo(zone))
            bars, values = _counts(cursor, query, edges, interval, by, totals_by)
            names = _names(cursor, query, (by, *totals_by))
    except psycopg.errors.QueryCanceled:
        return _empty(zone, by, totals_by, complete=False)
    return Overview(
        bars=Histogram(
            interval=interval,
            zone=zone,
            by=by,
            buckets=_buckets(edges, bars, by, names[by]),
            total=sum(sum(series.counts) for series in bars),
        ),
        totals={each: _totals(values, each, names[each]) for each in totals_by},
    )


def _bounds(
    cursor: psycopg.Cursor[Any], query: EventQuery, now: datetime
) -> tuple[datetime | None, datetime]:
    """A range of many years is cut to where there are events: each day of it is a bucket."""
    ahead = timedelta(hours=audit_settings().MAX_AHEAD_HOURS)
    end = min(query.end, now + ahead) if query.end else open_end(query, now=now)
    if query.start is None or end - query.start > WHOLE_UP_TO:
        oldest = _oldest(cursor, query)
        if query.start is None or oldest is None:
            return oldest, end
        return max(query.start, oldest), end
    return query.start, end


def _empty(zone: str, by: By, totals_by: Sequence[By], *, complete: bool = True) -> Overview:
    return Overview(
        bars=Histogram(interval="hour", zone=zone, by=by, buckets=(), total=0, complete=complete),
        totals={each: {} for each in totals_by},
    )


def _buckets(
    edges: Sequence[datetime], found: Sequence[Series], by: By, names: Mapping[int, str]
) -> tuple[Bucket, ...]:
    rows: dict[str, list[int]] = {}
    for series in found:
        number = getattr(series, _SPLIT[by])
        row = rows.setdefault(names.get(number, str(number)), [0] * (len(edges) - 1))
        for bucket, count in zip(series.buckets, series.counts, strict=True):
            row[bucket] += count
    columns = zip(*rows.values(), strict=True) if rows else ((),) * (len(edges) - 1)
    return tuple(
        Bucket(
            start=start,
            end=end,
            counts={name: n for name, n in zip(rows, column, strict=True) if n},
        )
        for (start, end), column in zip(pairwise(edges), columns, strict=True)
    )


def _totals(found: Sequence[Series], by: By, names: Mapping[int, str]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for series in found:
        number = getattr(series, _SPLIT[by])
        totals[names.get(number, str(number))] += sum(series.counts)
    return totals


def _counts(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    interval: str,
    by: By,
    totals_by: Sequence[By],
) -> tuple[list[Series], list[Series]]:
    """Return series for the buckets, and (where there are totals) finer ones of unsaid buckets.

    Whole hours and days come from the rollups, what is cut at the ends from the events.
    """
    split = frozenset({_SPLIT[by]})
    finer = split | {_SPLIT[each] for each in totals_by}
    if interval == "day" and is_of_subject(query):
        found = _of_subject(cursor, query, edges, finer)
        if found is not None:
            return found, found
    if interval == "minute" or not is_served(query):
        whole = [Range(edges=edges)]
        found = count_by_hash(cursor, query, whole, split=finer)
        if found is None:
            found = count_ranges(cursor, query, whole, split=finer)
        return found, found
    ends = (edges[0], edges[-1])
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    pieces, cut = _divided(segments(*ends, zone) if interval == "day" else by_hours(*ends), edges)
    raw = count_ranges(cursor, query, cut, split=finer) if cut else []
    bars = count_by_rollup(cursor, query, pieces, split=split) if pieces else []
    if not totals_by:
        return bars + raw, []
    if interval == "hour":
        # Whole days of it are counted by the day; only the bars need each hour.
        span = replace(query, start=edges[0], end=edges[-1])
        return bars + raw, list(count_series(cursor, span, split=finer))
    spans = [replace(piece, edges=(piece.edges[0], piece.edges[-1])) for piece in pieces]
    values = count_by_rollup(cursor, query, spans, split=finer) if spans else []
    return bars + raw, values + raw


def _of_subject(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    split: frozenset[Split],
) -> list[Series] | None:
    """Whole days come from what is counted of a user or an app, where that is known by type."""
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    pieces, cut = _divided(segments(edges[0], edges[-1], zone), edges, hours=False)
    found = count_by_subject(cursor, query, pieces, split=split) if pieces else []
    if found is None or not cut:
        return found
    return found + count_ranges(cursor, query, cut, split=split)


def _divided(
    parts: Iterable[Segment], edges: Sequence[datetime], *, hours: bool = True
) -> tuple[list[RollupSpan], list[Range]]:
    """Return what is counted by days and hours (or by days alone), and what from the events."""
    pieces: list[RollupSpan] = []
    cut: list[Range] = []
    for part in parts:
        first = bisect_right(edges, part.start) - 1
        inner = edges[first + 1 : bisect_left(edges, part.end)]
        marks = (part.start, *inner, part.end)
        if part.unit == "event" or (part.unit == "hour" and not hours):
            cut.append(Range(edges=marks, first=first))
        else:
            pieces.append(RollupSpan(unit=part.unit, edges=marks, first=first))
    return pieces, cut


def _oldest(cursor: psycopg.Cursor[Any], query: EventQuery) -> datetime | None:
    """When the oldest event in scope happened, whatever the filters."""
    scoped = scope_condition(cursor, query)
    cursor.execute(
        f"SELECT e.id FROM audit_event e WHERE {scoped.sql} ORDER BY e.id LIMIT 1",  # noqa: S608 (conditions that bind their values)
        scoped.params,
        binary=True,
    )
    row = cursor.fetchone()
    return time_of(row[0]) if row else None


def _names(
    cursor: psycopg.Cursor[Any], query: EventQuery, by: Sequence[By]
) -> dict[By, dict[int, str]]:
    """What the numbers in the database are called, for each way to count."""
    codes: dict[int, str] = {}
    if "type" in by or "group" in by:
        using = audit_settings().READER_DATABASE
        codes = dict(EventType.objects.using(using).values_list("id", "code"))
    keys = environment_numbers(cursor, query) if "environment" in by else {}
    names: dict[By, dict[int, str]] = {
        "type": codes,
        "group": {number: event_type(code).group for number, code in codes.items()},
        "environment": {number: key for key, number in keys.items()},
        "outcome": {number: code for code, number in OUTCOME_NUMBERS.items()} | {0: NO_OUTCOME},
    }
    return {each: names[each] for each in by}

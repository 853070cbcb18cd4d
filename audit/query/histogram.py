"""How many events were there when? All that match, never only those on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg
from django.db import transaction
from django.utils import timezone

from audit.conf import audit_settings
from audit.models import EventType
from audit.record.ids import time_of
from audit.record.registry import OUTCOME_NUMBERS
from audit.record.store import own_cursor
from audit.vocabulary import event_type

from .conditions import environment_numbers, scope_condition
from .event_query import EventQuery
from .rollups import count_by_rollup, count_raw, is_served

By = Literal["type", "group", "environment", "outcome"]
BY: tuple[By, ...] = ("type", "group", "environment", "outcome")
HOURLY_UP_TO = timedelta(days=10)
# Up to this range → minutes of a bar, where bars finer than an hour are wanted.
MINUTES_UP_TO = (
    (timedelta(hours=2), 1),
    (timedelta(hours=6), 5),
)
WHOLE_UP_TO = timedelta(days=1_000)
NO_OUTCOME = "none"
TIMEOUT_SECONDS = 5


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


def histogram(
    query: EventQuery,
    *,
    by: By = "type",
    now: datetime | None = None,
    has_minutes: bool = False,
) -> Histogram:
    """Count what matches per hour (ranges up to HOURLY_UP_TO) or per day of the installation.

    has_minutes: short ranges are counted by MINUTES_UP_TO, from the events themselves
    Without `start` the histogram begins with the oldest event in scope, without `end` it ends now.
    """
    (bars,) = histograms(query, by=(by,), now=now, has_minutes=has_minutes)
    return bars


def histograms(
    query: EventQuery,
    *,
    by: Sequence[By],
    now: datetime | None = None,
    has_minutes: bool = False,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> tuple[Histogram, ...]:
    """Return what `histogram` does by each of several, counted once.

    timeout_seconds: of one statement; beyond it there is no histogram
    """
    now = now or timezone.now()
    using = audit_settings().DATABASE
    zone = audit_settings().TIME_ZONE
    try:
        with transaction.atomic(using=using):
            cursor = own_cursor(using)
            # A chart that can't be had in time is not worth the database's.
            cursor.execute(f"SET LOCAL statement_timeout = '{timeout_seconds * 1000:.0f}ms'")
            start, end = _bounds(cursor, query, now)
            if start is None or start >= end:
                return tuple(_empty(zone, each) for each in by)
            interval, minutes = _interval(end - start, has_minutes)
            edges = _edges(start, end, interval == "day", minutes, ZoneInfo(zone))
            counts = _counts(cursor, query, edges, interval, zone, "environment" in by)
            names = _names(cursor, query, by)
    except psycopg.errors.QueryCanceled:
        return tuple(_empty(zone, each, complete=False) for each in by)
    return tuple(
        Histogram(
            interval=interval,
            zone=zone,
            by=each,
            buckets=_buckets(edges, counts, each, names[each]),
            total=sum(row[4] for row in counts),
        )
        for each in by
    )


def _bounds(
    cursor: psycopg.Cursor[Any], query: EventQuery, now: datetime
) -> tuple[datetime | None, datetime]:
    """A range of many years is cut to where there are events: each day of it is a bucket."""
    ahead = timedelta(hours=audit_settings().MAX_AHEAD_HOURS)
    end = min(query.end, now + ahead) if query.end else now + timedelta(microseconds=1)
    if query.start is None or end - query.start > WHOLE_UP_TO:
        oldest = _oldest(cursor, query)
        if query.start is None or oldest is None:
            return oldest, end
        return max(query.start, oldest), end
    return query.start, end


def _empty(zone: str, by: By, *, complete: bool = True) -> Histogram:
    return Histogram(interval="hour", zone=zone, by=by, buckets=(), total=0, complete=complete)


def _interval(width: timedelta, has_minutes: bool) -> tuple[str, int]:
    """Return what buckets are made of, and how many minutes one has where they are shorter."""
    if has_minutes:
        for limit, minutes in MINUTES_UP_TO:
            if width <= limit + timedelta(seconds=1):
                return "minute", minutes
    return ("hour" if width <= HOURLY_UP_TO else "day"), 60


def _buckets(
    edges: Sequence[datetime],
    counts: Sequence[tuple[int, int, int, int, int]],
    by: By,
    names: Mapping[int, str],
) -> tuple[Bucket, ...]:
    buckets = [dict[str, int]() for _ in edges[1:]]
    for bucket, environment, type_, outcome, count in counts:
        key = {"environment": environment, "outcome": outcome}.get(by, type_)
        series = names.get(key, str(key))
        buckets[bucket][series] = buckets[bucket].get(series, 0) + count
    return tuple(
        Bucket(start=a, end=b, counts=c) for (a, b), c in zip(pairwise(edges), buckets, strict=True)
    )


def _counts(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    interval: str,
    zone: str,
    keeps_environments: bool,
) -> list[tuple[int, int, int, int, int]]:
    """Whole buckets from the rollups, the cut ones at the ends from the events."""
    if interval == "minute" or not is_served(query):
        return count_raw(cursor, query, edges)
    is_daily = interval == "day"
    on_mark = _floor_day if is_daily else _floor_hour
    tz = ZoneInfo(zone)
    first = 0 if on_mark(edges[0], tz) == edges[0] else 1
    last = len(edges) - 1 if on_mark(edges[-1], tz) == edges[-1] else len(edges) - 2
    counts: list[tuple[int, int, int, int, int]] = []
    if last > first:
        inner = count_by_rollup(
            cursor,
            query,
            edges[first : last + 1],
            is_daily=is_daily,
            keeps_environments=keeps_environments,
        )
        counts += [(row[0] + first, *row[1:]) for row in inner]
    for begin, end in {(0, first), (max(first, last), len(edges) - 1)}:
        if end > begin:
            outer = count_raw(cursor, query, edges[begin : end + 1])
            counts += [(row[0] + begin, *row[1:]) for row in outer]
    return counts


def _edges(
    start: datetime, end: datetime, is_daily: bool, minutes: int, zone: ZoneInfo
) -> list[datetime]:
    """The instants between the bars: start, every full day, or every so many minutes, end."""
    floor = _floor_day if is_daily else _floor_hour
    edges = [start]
    mark = floor(start, zone)
    if not is_daily:
        width = timedelta(minutes=minutes)
        following = mark + width * ((start - mark) // width + 1)
        while following < end:
            edges.append(following)
            following += width
        return [*edges, end]
    width = timedelta(days=1)
    days = 1
    while True:
        # A day is found from its noon, so that one of 23 or 25 hours is one day.
        following = floor(mark + width * days + timedelta(hours=12), zone)
        if following >= end:
            break
        if following > edges[-1]:
            edges.append(following)
        days += 1
    return [*edges, end]


def _floor_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _floor_day(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(
        moment.tzinfo
    )


def _oldest(cursor: psycopg.Cursor[Any], query: EventQuery) -> datetime | None:
    """When the oldest event in scope happened, whatever the filters."""
    scoped = scope_condition(cursor, query)
    cursor.execute(
        f"SELECT e.id FROM audit_event e WHERE {scoped.sql} ORDER BY e.id LIMIT 1",
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
        using = audit_settings().DATABASE
        codes = dict(EventType.objects.using(using).values_list("id", "code"))
    keys = environment_numbers(cursor, query) if "environment" in by else {}
    names: dict[By, dict[int, str]] = {
        "type": codes,
        "group": {number: event_type(code).group for number, code in codes.items()},
        "environment": {number: key for key, number in keys.items()},
        "outcome": {number: code for code, number in OUTCOME_NUMBERS.items()} | {0: NO_OUTCOME},
    }
    return {each: names[each] for each in by}

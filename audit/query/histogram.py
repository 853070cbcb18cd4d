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
MAX_BUCKETS = 1_000
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

    complete: false where counting took too long; then there are no buckets.
    """

    interval: str
    zone: str
    by: str
    buckets: tuple[Bucket, ...]
    total: int
    complete: bool = True


def histogram(query: EventQuery, *, by: By = "type", now: datetime | None = None) -> Histogram:
    """Count what matches per hour (ranges up to HOURLY_UP_TO) or per day of the installation.

    Without `start` the histogram begins with the oldest event in scope, without `end` it ends now.
    """
    now = now or timezone.now()
    using = audit_settings().DATABASE
    zone = audit_settings().TIME_ZONE
    with transaction.atomic(using=using):
        cursor = own_cursor(using)
        # A chart that can't be had in time is not worth the database's.
        cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_SECONDS}s'")
        start = query.start or _oldest(cursor, query)
        end = query.end or now + timedelta(microseconds=1)
        if start is None or start >= end:
            return Histogram(interval="hour", zone=zone, by=by, buckets=(), total=0)
        is_daily = end - start > HOURLY_UP_TO
        edges = _edges(start, end, is_daily, ZoneInfo(zone))
        counts = _counts(cursor, query, edges, is_daily, zone, by == "environment")
        names = _names(cursor, query, by)
    buckets = [dict[str, int]() for _ in edges[1:]]
    for bucket, environment, type_, outcome, count in counts:
        key = {"environment": environment, "outcome": outcome}.get(by, type_)
        series = names.get(key, str(key))
        buckets[bucket][series] = buckets[bucket].get(series, 0) + count
    return Histogram(
        interval="day" if is_daily else "hour",
        zone=zone,
        by=by,
        buckets=tuple(
            Bucket(start=a, end=b, counts=c)
            for (a, b), c in zip(pairwise(edges), buckets, strict=True)
        ),
        total=sum(row[4] for row in counts),
    )


def _counts(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    edges: Sequence[datetime],
    is_daily: bool,
    zone: str,
    keeps_environments: bool,
) -> list[tuple[int, int, int, int, int]]:
    """Whole buckets from the rollups, the cut ones at the ends from the events."""
    if not is_served(query):
        return count_raw(cursor, query, edges)
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


def _edges(start: datetime, end: datetime, is_daily: bool, zone: ZoneInfo) -> list[datetime]:
    """The instants between the bars: start, every full hour or day, end."""
    floor = _floor_day if is_daily else _floor_hour
    edges = [start]
    mark = floor(start, zone)
    width = timedelta(days=1) if is_daily else timedelta(hours=1)
    days = 1
    while True:
        # A day is found from its noon, so that one of 23 or 25 hours is one day.
        ahead = mark + width * days + (timedelta(hours=12) if is_daily else timedelta())
        following = floor(ahead, zone)
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


def _names(cursor: psycopg.Cursor[Any], query: EventQuery, by: By) -> dict[int, str]:
    if by == "environment":
        return {number: key for key, number in environment_numbers(cursor, query).items()}
    if by == "outcome":
        return {number: code for code, number in OUTCOME_NUMBERS.items()} | {0: NO_OUTCOME}
    codes = dict(EventType.objects.using(audit_settings().DATABASE).values_list("id", "code"))
    if by == "type":
        return codes
    return {number: event_type(code).group for number, code in codes.items()}

"""Divides a range of time into the bars of a chart: minutes, hours or days."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOURLY_UP_TO = timedelta(days=10)
# Up to this range → minutes of a bar, where bars finer than an hour are wanted.
MINUTES_UP_TO = (
    (timedelta(hours=2), 1),
    (timedelta(hours=6), 5),
)


def interval_of(width: timedelta, has_minutes: bool) -> tuple[str, int]:
    """Return what buckets are made of, and how many minutes one has where they are shorter."""
    if has_minutes:
        for limit, minutes in MINUTES_UP_TO:
            if width <= limit + timedelta(seconds=1):
                return "minute", minutes
    return ("hour" if width <= HOURLY_UP_TO else "day"), 60


def edges_of(
    start: datetime, end: datetime, is_daily: bool, minutes: int, zone: ZoneInfo
) -> list[datetime]:
    """The instants between the bars: start, every full day, or every so many minutes, end."""
    edges = [start]
    if is_daily:
        day = start.astimezone(zone).date()
        while True:
            day += timedelta(days=1)
            following = datetime.combine(day, time(), zone).astimezone(UTC)
            if following >= end:
                break
            # A day that a zone left out is no bucket.
            if following > edges[-1]:
                edges.append(following)
        return [*edges, end]
    width = timedelta(minutes=minutes)
    mark = start.replace(minute=0, second=0, microsecond=0)
    following = mark + width * ((start - mark) // width + 1)
    while following < end:
        edges.append(following)
        following += width
    return [*edges, end]

"""Converts times to hours, and to days of a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from audit.models.subject_count import month_number

# Of a day
HOURS = 24
_MINUTE = 60_000
_HOUR = 3_600_000
_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


def hours_of(millis: Sequence[int]) -> list[int]:
    """Return the hours since 1970 of milliseconds since 1970."""
    return [each // _HOUR for each in millis]


def days_of(millis: Sequence[int], zone: str) -> list[int]:
    """Return the days since 1970, as a zone's calendar has them, of milliseconds since 1970."""
    if zone == "UTC":
        return [each // _DAY for each in millis]
    rules = ZoneInfo(zone)
    return [_day(each // _MINUTE, rules) for each in millis]


@lru_cache(maxsize=10_000)
def month_and_day(day: int) -> tuple[int, int]:
    """Return the month since January 1970, and the day in it from 0, of a day since 1970."""
    calendar = date.fromordinal(day + _EPOCH)
    return month_number(calendar), calendar.day - 1


@lru_cache(maxsize=100_000)
def _day(minute: int, zone: ZoneInfo) -> int:
    # Since 1972 every zone is a whole number of minutes from UTC, and changes on whole minutes.
    return datetime.fromtimestamp(minute * 60, zone).toordinal() - _EPOCH

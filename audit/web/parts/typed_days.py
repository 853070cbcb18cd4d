"""Reads days that a person typed: a word, day, week or month, English or German."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner",
            "feb february februar",
            "mar march mär märz maerz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_WORDS = {
    **dict.fromkeys(("today", "heute"), "today"),
    **dict.fromkeys(("yesterday", "gestern"), "yesterday"),
    **dict.fromkeys(("this week", "diese woche"), "this week"),
    **dict.fromkeys(("last week", "letzte woche"), "last week"),
    **dict.fromkeys(("this month", "diesen monat", "dieser monat"), "this month"),
    **dict.fromkeys(("last month", "letzten monat", "letzter monat"), "last month"),
}
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
# 2026-W10, W10, KW 10
_WEEK = re.compile(r"(?:([0-9]{4})[- ]?)?(?:w|kw|week|woche) ?([0-9]{1,2})(?: ([0-9]{4}))?")
# 27 Nov, 27. November 2026
_DAY_MONTH = re.compile(r"([0-9]{1,2})\.? ?([a-zä]+)\.?(?: ([0-9]{4}))?")
# Nov 27, Nov 27, 2026
_MONTH_DAY = re.compile(r"([a-zä]+)\.? ([0-9]{1,2})(?:,? ([0-9]{4}))?")
# 27.11., 27.11.2026
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4}))?")
# Nov, November 2026
_MONTH = re.compile(r"([a-zä]+)\.?(?: ([0-9]{4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days `[first, after)`. has_year: was their year typed? Else they are the newest such."""

    first: date
    after: date
    has_year: bool = True


def read_days(said: str, *, today: date, in_year: int | None = None) -> Days | None:
    """Return what a text in small letters says; None where it says no days.

    in_year: the year that is meant where none was typed. Raises ValueError for days that no year
    has.
    """
    return (
        _word(said, today)
        or _week(said, today, in_year)
        or _month(said, today, in_year)
        or _day(said, today, in_year)
    )


def read_day(said: str, *, today: date, in_year: int | None = None) -> Days | None:
    """Return what `read_days` does where that is a single day, by its word or its date."""
    word = _word(said, today)
    if word is not None:
        return word if word.after - word.first == ONE_DAY else None
    return _day(said, today, in_year)


def _word(said: str, today: date) -> Days | None:
    monday, first = today - today.weekday() * ONE_DAY, today.replace(day=1)
    words = {
        "today": (today, today + ONE_DAY),
        "yesterday": (today - ONE_DAY, today),
        "this week": (monday, monday + 7 * ONE_DAY),
        "last week": (monday - 7 * ONE_DAY, monday),
        "this month": (first, _next_month(first)),
        "last month": ((first - ONE_DAY).replace(day=1), first),
    }
    found = words.get(_WORDS.get(said, ""))
    return Days(first=found[0], after=found[1]) if found else None


def _week(said: str, today: date, in_year: int | None) -> Days | None:
    match = _WEEK.fullmatch(said)
    if match is None:
        return None
    week, year = int(match[2]), match[1] or match[3]
    monday = _in_year(year or in_year, today, lambda y: date.fromisocalendar(y, week, 1))
    return Days(first=monday, after=monday + 7 * ONE_DAY, has_year=bool(year))


def _month(said: str, today: date, in_year: int | None) -> Days | None:
    if match := _ISO_MONTH.fullmatch(said):
        first, has_year = date(int(match[1]), int(match[2]), 1), True
    elif (match := _MONTH.fullmatch(said)) and match[1] in _MONTHS:
        month, year = _MONTHS[match[1]], match[2]
        first = _in_year(year or in_year, today, lambda y: date(y, month, 1))
        has_year = bool(year)
    else:
        return None
    return Days(first=first, after=_next_month(first), has_year=has_year)


def _day(said: str, today: date, in_year: int | None) -> Days | None:
    if match := ISO_DAY.fullmatch(said):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif (match := _DAY_MONTH.fullmatch(said)) and match[2] in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2]], match[3]
    elif (match := _MONTH_DAY.fullmatch(said)) and match[1] in _MONTHS:
        day, month, year = int(match[2]), _MONTHS[match[1]], match[3]
    elif match := _DOTTED.fullmatch(said):
        day, month, year = int(match[1]), int(match[2]), match[3]
    else:
        return None
    first = _in_year(year or in_year, today, lambda y: date(y, month, day))
    return Days(first=first, after=first + ONE_DAY, has_year=bool(year))


def _in_year(year: str | int | None, today: date, of_year: Callable[[int], date]) -> date:
    """Return the day of that year; without one the newest like it that is not ahead of today.

    A leap day comes every few years.
    """
    if year:
        return of_year(int(year))
    for one in range(today.year + 1, today.year - 9, -1):
        try:
            day = of_year(one)
        except ValueError:
            continue
        if day <= today:
            return day
    raise ValueError("no year has it")


def _next_month(first: date) -> date:
    return (first + 31 * ONE_DAY).replace(day=1)

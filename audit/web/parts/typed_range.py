"""Reads a span of time that a person typed.

A day, week or month is the installation's, as it is in the API and in the bars of a chart; a time
of the clock is one in the zone of whoever looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.log.times import BadTime
from audit.query.search.moments import installation_zone, parse_moment

from .moments import to_utc
from .typed_days import ISO_DAY, ONE_DAY, read_day, read_days

# An address without a range means this; one that means all of time says so. A range without an end
# has none: it holds what is dated ahead of now, too. The quick ranges end now, and say so.
DEFAULT_FROM = "-24h"
ALWAYS = "always"
NOW = "now"
MAX_CHARACTERS = 80

_WORDS = {
    **dict.fromkeys(("always", "all", "all of time", "immer", "alles"), ALWAYS),
    **dict.fromkeys(("now", "jetzt"), NOW),
}
# "1 Mar 2026 – 7 Mar 2026", "09:00..10:30", "27 Nov to 3 Dec"
_BETWEEN = re.compile(r"\s*(?:\.\.|…|–|—)\s*|\s+(?:to|bis)\s+")
# -3d, 3d
_RELATIVE = re.compile(r"-?([0-9]{1,6}) ?([mhdw])")
_YEAR = re.compile(r"\b[0-9]{4}\b")
# 09:00, 9:00:30.5, 02:30+01:00, at the end of what may begin with a day
_CLOCK = re.compile(
    r"(?:(?P<day>.*?[^ ,])(?:t(?=[0-9])|,? ))?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One side of what was typed. start, end: in UTC, `[start, end)`; equal for an instant.

    parameter: what an address says of it, where that is not the instant itself
    has_year, has_day: were they typed, or inferred
    day: on which day, where it has one
    """

    start: datetime
    end: datetime
    parameter: str | None = None
    has_year: bool = True
    has_day: bool = True
    day: date | None = None

    @property
    def is_period(self) -> bool:
        return self.start < self.end


def range_forms() -> str:
    """Return what can be typed as a range."""
    return _(
        "-3d · yesterday · 2026-03-01 · 27 Nov · 2026-03 · 2026-W10 · 09:00..10:30 · "
        "2026-03-01..2026-03-07 · 2026-03-01 09:00..17:30"
    )


def bound_forms() -> str:
    """Return what can be typed as a beginning or an end."""
    return _("-7d · 2026-03-01 · 27 Nov · 2026-03-01 09:00 · 09:00 · now")


def read_range(text: str, *, zone: ZoneInfo, now: datetime) -> tuple[str, str | None]:
    """Return `from` and `to` of what a person typed (`range_forms`).

    zone: of whoever typed. A single instant or "-3d" is until now; "-3d.." has no end. Raises
    BadTime.
    """
    said = _plain(text)
    if said == "":
        return DEFAULT_FROM, None
    if _WORDS.get(said) == ALWAYS:
        return ALWAYS, None
    sides = _BETWEEN.split(said)
    read = _Reader(text, zone=zone, now=now, forms=range_forms)
    if len(sides) == 1:
        point = read.point(said, is_end=False)
        if point.is_period:
            return to_utc(point.start), to_utc(point.end)
        return read.ordered(point, read.now_point)
    if len(sides) > 2 or not any(sides):
        raise read.refusal()
    first = read.point(sides[0], is_end=False) if sides[0] else None
    if not sides[1]:
        assert first is not None  # one of the two is there
        return _said(first, first.start), None
    last = read.point(sides[1], is_end=True, first=first)
    if first is None:
        return ALWAYS, _said(last, last.end)
    if last.end < first.start and not first.has_year and _YEAR.search(sides[1]):
        # "27 Nov..3 Dec 2025", a year after
        first = read.last_before(sides[0], last) or first
    return read.ordered(first, last)


def read_bound(text: str, *, zone: ZoneInfo, now: datetime, is_end: bool = False) -> str:
    """Return the parameter that a person typed as one bound (`bound_forms`); a day, week or month
    is its start. Raises BadTime.

    is_end: which of two times is meant in an hour that comes twice: the later one
    """
    read = _Reader(text, zone=zone, now=now, forms=bound_forms)
    point = read.point(_plain(text), is_end=is_end)
    return _said(point, point.start)


def bound_parameter(text: str, *, zone: ZoneInfo, now: datetime, is_end: bool = False) -> str:
    """Return what an address says of a bound: an instant, or what moves with the clock, as it is;
    a date, and whatever else a person may type, as `read_bound` reads it. Raises BadTime.
    """
    try:
        moment = parse_moment(text, now=now)
    except BadTime:
        return read_bound(text, zone=zone, now=now, is_end=is_end)
    return to_utc(moment) if ISO_DAY.fullmatch(text) else text


def _said(point: _Point, moment: datetime) -> str:
    return point.parameter or to_utc(moment)


def _plain(text: str) -> str:
    return " ".join(text.replace("−", "-").lower().split())


class _Reader:
    """Reads the sides of one text. forms: of the field, for who typed something else."""

    def __init__(
        self, text: str, *, zone: ZoneInfo, now: datetime, forms: Callable[[], str]
    ) -> None:
        self._text, self._zone, self._now, self._forms = text.strip(), zone, now, forms
        self._days = installation_zone()
        self._today = now.astimezone(self._days).date()

    @property
    def now_point(self) -> _Point:
        return _Point(start=self._now, end=self._now, parameter=NOW)

    def refusal(self) -> BadTime:
        return BadTime(
            _("“%(text)s” can't be read. It takes: %(forms)s")
            % {"text": self._text[:64], "forms": self._forms()}
        )

    def ordered(self, first: _Point, last: _Point) -> tuple[str, str]:
        if last.end < first.start:
            raise BadTime(_("“%(text)s” ends before it begins") % {"text": self._text[:64]})
        return _said(first, first.start), _said(last, last.end)

    def point(self, said: str, *, is_end: bool, first: _Point | None = None) -> _Point:
        """first: the other side, from which the end has its day or year where it has none"""
        if len(self._text) > MAX_CHARACTERS:
            raise self.refusal()
        try:
            point = self._relative(said) or self._period(said) or self._instant(said, is_end, first)
            if point is None:
                raise self.refusal()
            if first is not None and point.end < first.start and not point.has_year:
                # "27 Nov..3 Dec", on the first of December
                point = self._next(said, is_end, first) or point
            return point
        except (ValueError, OverflowError) as error:
            if isinstance(error, BadTime):
                raise
            raise self.refusal() from None

    def last_before(self, said: str, last: _Point) -> _Point | None:
        """Return the newest of what was typed without a year that doesn't begin after the end."""
        year = last.start.astimezone(self._days).year
        found = self._in_years(said, False, range(year + 1, year - 9, -1))
        return next((point for point in found if point.start <= last.end), None)

    def _next(self, said: str, is_end: bool, first: _Point) -> _Point | None:
        """Return the first of what was typed without a year that doesn't end before the start."""
        year = first.start.astimezone(self._days).year
        found = self._in_years(said, is_end, range(year - 1, year + 9))
        return next((point for point in found if point.end >= first.start), None)

    def _in_years(self, said: str, is_end: bool, years: Iterable[int]) -> Iterator[_Point]:
        for year in years:
            try:
                point = self._period(said, in_year=year) or self._instant(
                    said, is_end, None, in_year=year
                )
            except ValueError:  # no leap day, no week 53
                continue
            if point is not None:
                yield point

    def _relative(self, said: str) -> _Point | None:
        if _WORDS.get(said) == NOW:
            return self.now_point
        if match := _RELATIVE.fullmatch(said):
            parameter = f"-{match[1]}{match[2]}"
            try:
                moment = parse_moment(parameter, now=self._now)
            except BadTime:
                raise self.refusal() from None
            return _Point(start=moment, end=moment, parameter=parameter)
        return None

    def _period(self, said: str, *, in_year: int | None = None) -> _Point | None:
        """A day, a week or a month."""
        found = read_days(said, today=self._today, in_year=in_year)
        if found is None:
            return None
        return _Point(
            start=self._midnight(found.first),
            end=self._midnight(found.after),
            has_year=found.has_year,
            day=found.first,
        )

    def _instant(
        self, said: str, is_end: bool, first: _Point | None, *, in_year: int | None = None
    ) -> _Point | None:
        match = _CLOCK.fullmatch(said)
        if match is None:
            return None
        clock = _clock(match)
        has_day, has_year = match["day"] is not None, True
        if has_day:
            found = read_day(match["day"], today=self._today, in_year=in_year)
            if found is None:
                return None
            day, has_year = found.first, found.has_year
        elif first is not None and first.day is not None:
            day = first.day
        else:
            day = self._now.astimezone(self._zone).date()
        moment = self._at(day, clock, match["offset"], is_end)
        if not has_day:
            # "22:00..02:00"; and a clock that is ahead of now is yesterday's
            if first is not None and moment < first.start:
                day += ONE_DAY
            elif first is None and moment > self._now:
                day -= ONE_DAY
            moment = self._at(day, clock, match["offset"], is_end)
        return _Point(start=moment, end=moment, has_year=has_year, has_day=has_day, day=day)

    def _at(self, day: date, clock: time, offset: str | None, is_end: bool) -> datetime:
        if offset:
            local = datetime.combine(day, clock)
            return datetime.fromisoformat(local.isoformat() + offset.upper()).astimezone(UTC)
        # In an hour that comes twice a range takes all of it in.
        local = datetime.combine(day, clock, self._zone).replace(fold=int(is_end))
        return local.astimezone(UTC)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._days).astimezone(UTC)


def _clock(match: re.Match[str]) -> time:
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), int(fraction))

"""Places times on the axis of a chart, and chooses those that are written under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from .markup import SvgNumber
from .moments import offset_words

MAX_TICKS = 9
_MINUTE_STEPS = (1, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """x: percent of the width"""

    x: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Time on a line, `[start, end)`."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def x(self, moment: datetime) -> float:
        """Return where a moment lies, as a part of the width."""
        return (moment - self.start) / (self.end - self.start)

    def ticks(self) -> tuple[Tick, ...]:
        """Return at most MAX_TICKS times that a clock or calendar has a name for."""
        return tuple(
            Tick(x=percent(self.x(moment)), label=_label(moment, self.zone))
            for moment in self._moments()
            # A label is centred on its tick, and would be cut at the ends.
            if 0.02 < self.x(moment) < 0.98
        )

    def _moments(self) -> list[datetime]:
        width = self.end - self.start
        for minutes in _MINUTE_STEPS:
            if width / timedelta(minutes=minutes) <= MAX_TICKS:
                return list(self._by_minutes(minutes))
        for days in _DAY_STEPS:
            if width / timedelta(days=days) <= MAX_TICKS:
                return list(self._by_days(days))
        for months in _MONTH_STEPS:
            if width / timedelta(days=30.4 * months) <= MAX_TICKS:
                return list(self._by_months(months))
        return list(self._by_months(_MONTH_STEPS[-1]))

    def _by_minutes(self, minutes: int) -> Iterator[datetime]:
        local = self.start.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        mark = midnight.astimezone(self.start.tzinfo)
        step = timedelta(minutes=minutes)
        mark += step * max(0, (self.start - mark) // step)
        while mark < self.end:
            yield mark
            mark += step

    def _by_days(self, days: int) -> Iterator[datetime]:
        """Steps of weeks begin on Mondays."""
        day = self.start.astimezone(self.zone).date()
        if days >= 7:
            day -= timedelta(days=day.weekday())
        while True:
            mark = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            if mark >= self.end:
                return
            yield mark
            day += timedelta(days=days)

    def _by_months(self, months: int) -> Iterator[datetime]:
        local = self.start.astimezone(self.zone)
        count = local.year * 12 + local.month - 1
        count = max(count - count % months, 12)
        while count // 12 <= 9999:
            mark = datetime(count // 12, count % 12 + 1, 1, tzinfo=self.zone)
            if mark >= self.end:
                return
            yield mark
            count += months


def percent(part: float) -> SvgNumber:
    """Return a part of 1 as SVG writes it: "12.5%"."""
    return SvgNumber(f"{part * 100:.3f}".rstrip("0").rstrip(".") + "%")


def _label(moment: datetime, zone: ZoneInfo) -> str:
    """ "09:00", at midnight "24 Nov", on New Year's day "2027" """
    local = moment.astimezone(zone)
    if local.hour or local.minute:
        return f"{date_format(local, 'H:i')}{offset_words(local)}"
    if local.month == 1 and local.day == 1:
        return str(local.year)
    return str(date_format(local, "j M"))

"""Lays out the bars of a chart: where each stands, how high, where it links to.

Bars are drawn on the server as SVG, each a link; they need no script and no inline style.
Widths are percent of the chart's, so that it fills any screen undistorted; heights are pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.query.counts.histogram import NO_OUTCOME
from audit.vocabulary import GROUPS

from .axis import Axis, Tick, percent
from .bars import Bar, BarLinks, BarRows, Segment, Series
from .labels import Environments, group_label, outcome_label, type_label
from .markup import SvgNumber
from .moments import offset_words, to_utc
from .text import thin
from .url import Address

HEIGHT = 96.0
MAX_BARS = 250
MAX_SERIES = 8
# The least that can be seen and hit.
MIN_HEIGHT = 1.5
REST = "(rest)"


class Bucket(Protocol):
    """Events of `[start, end)`; counts: by the key that the chart is stacked by."""

    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """bar_label: what one bar is, "hours"; zone: whose days or hours they are"""

    bars: tuple[Bar, ...]
    series: tuple[Series, ...]
    ticks: tuple[Tick, ...]
    highest: str
    total: str
    bar_label: str
    zone: str
    height: SvgNumber

    @property
    def links(self) -> BarLinks:
        return BarLinks(self.bars, self.height)

    @property
    def rows(self) -> BarRows:
        return BarRows(self.bars)


def bar_chart(
    buckets: Sequence[Bucket],
    *,
    interval: str,
    zone: str,
    by: str,
    address: Address,
    environments: Environments,
    now: datetime,
    own_zone: ZoneInfo | None = None,
) -> Chart:
    """interval, zone: of one bucket, as the histogram says them; by: what their counts are by.

    own_zone: of who looks, for bars shorter than a day
    Neighbours are joined, days to weeks and months, where there would be over MAX_BARS.
    """
    tz = ZoneInfo(zone) if interval == "day" or own_zone is None else own_zone
    joined, unit = _joined(buckets, interval, tz)
    series = _series(buckets, by=by, address=address, environments=environments)
    counted = [_count(group, [s.key for s in series]) for group in joined]
    highest = max((sum(counts) for counts in counted), default=0)
    axis = Axis(start=buckets[0].start, end=buckets[-1].end, zone=tz)
    bars = tuple(
        _bar(group[0].start, group[-1].end, counts, axis, highest, series, unit, address, now)
        for group, counts in zip(joined, counted, strict=True)
    )
    return Chart(
        bars=bars,
        series=series,
        ticks=axis.ticks(),
        highest=thin(highest),
        total=thin(sum(map(sum, counted))),
        bar_label=_bar_label(unit, joined[0] if len(joined) < 2 else joined[1]),
        zone=tz.key,
        height=_length(HEIGHT),
    )


def _joined(
    buckets: Sequence[Bucket], interval: str, tz: ZoneInfo
) -> tuple[list[Sequence[Bucket]], str]:
    """Return the buckets of each bar, and what a bar is called."""
    if len(buckets) <= MAX_BARS:
        return [[bucket] for bucket in buckets], interval
    if interval == "day":
        local = {bucket.start: bucket.start.astimezone(tz) for bucket in buckets}
        ways: tuple[tuple[str, Callable[[Bucket], object]], ...] = (
            ("week", lambda bucket: local[bucket.start].isocalendar()[:2]),
            ("month", lambda bucket: (local[bucket.start].year, local[bucket.start].month)),
            ("year", lambda bucket: local[bucket.start].year),
        )
        for unit, key in ways:
            groups: list[Sequence[Bucket]] = [list(group) for _, group in groupby(buckets, key)]
            if len(groups) <= MAX_BARS:
                return groups, unit
    per_bar = -(-len(buckets) // MAX_BARS)
    return [buckets[i : i + per_bar] for i in range(0, len(buckets), per_bar)], interval


def _series(
    buckets: Iterable[Bucket], *, by: str, address: Address, environments: Environments
) -> tuple[Series, ...]:
    totals: dict[str, int] = {}
    for bucket in buckets:
        for key, count in bucket.counts.items():
            totals[key] = totals.get(key, 0) + count
    totals = {key: count for key, count in totals.items() if count}
    keys = _ordered(totals, by=by, environments=environments)
    result = []
    for key in keys:
        rest = key == REST
        count = sum(totals[k] for k in totals if k not in keys) if rest else totals[key]
        result.append(
            Series(
                key=key,
                label=_series_label(key, by=by, environments=environments),
                name=_series_class(key, by=by, position=keys.index(key)),
                fill=environments.tag(key).colour if by == "environment" else "",
                total=thin(count),
                href=None if rest or key == NO_OUTCOME else str(address.narrowed(by, key)),
            )
        )
    return tuple(result)


def _ordered(totals: Mapping[str, int], *, by: str, environments: Environments) -> list[str]:
    match by:
        case "group":
            order = {key: position for position, key in enumerate(GROUPS)}
            return sorted(totals, key=lambda key: (order.get(key, len(order)), key))
        case "environment":
            return list(environments.in_order(list(totals)))
        case "outcome":
            order = {"success": 0, NO_OUTCOME: 1, "denied": 2, "failure": 3}
            return sorted(totals, key=lambda key: (order.get(key, 4), key))
        case _:
            largest = sorted(totals, key=lambda key: (-totals[key], key))
            if len(largest) <= MAX_SERIES:
                return largest
            return [*largest[: MAX_SERIES - 1], REST]


def _series_label(key: str, *, by: str, environments: Environments) -> str:
    if key == REST:
        return _("all others")
    labels: Mapping[str, Callable[[str], str]] = {
        "group": group_label,
        "environment": lambda key: environments.tag(key).name,
        "outcome": lambda key: _("not said") if key == NO_OUTCOME else outcome_label(key),
        "type": type_label,
    }
    return labels[by](key)


def group_class(group: str) -> str:
    """Return the class that gives an event group its colour, the same on every page."""
    colour = GROUPS[group].colour if group in GROUPS else None
    return "series-rest" if colour is None else f"series-{colour}"


def _series_class(key: str, *, by: str, position: int) -> str:
    if key in (REST, NO_OUTCOME):
        return "series-rest"
    match by:
        case "group":
            return group_class(key)
        case "outcome":
            return f"outcome-{key}"
        case "environment":
            return "series-environment"
        case _:
            return f"series-{position}"


def _count(group: Sequence[Bucket], keys: Sequence[str]) -> list[int]:
    counts = [sum(bucket.counts.get(key, 0) for bucket in group) for key in keys]
    if REST in keys:
        total = sum(sum(bucket.counts.values()) for bucket in group)
        counts[keys.index(REST)] = total - sum(counts)
    return counts


def _bar(
    start: datetime,
    end: datetime,
    counts: Sequence[int],
    axis: Axis,
    highest: int,
    series: Sequence[Series],
    unit: str,
    address: Address,
    now: datetime,
) -> Bar:
    segments = []
    y = HEIGHT
    for one, count in zip(series, counts, strict=True):
        if count:
            height = max(HEIGHT * count / highest, MIN_HEIGHT)
            y -= height
            segments.append(
                Segment(
                    series=one, y=_length(max(y, 0.0)), height=_length(height), count=thin(count)
                )
            )
    left, right = axis.x(start), axis.x(end)
    return Bar(
        x=percent(left),
        width=percent((right - left) * 0.94),
        label=_span_label(start, end, axis.zone, unit),
        total=thin(sum(counts)),
        href=str(address.only(**{"from": to_utc(start), "to": to_utc(end)})),
        segments=tuple(segments),
        counts=tuple(thin(count) for count in counts),
        is_partial=end >= now,
    )


def _span_label(start: datetime, end: datetime, tz: ZoneInfo, unit: str) -> str:
    first, last = start.astimezone(tz), end.astimezone(tz)
    match unit:
        case "minute" | "hour":
            return (
                f"{date_format(first, 'D j M Y, H:i')}{offset_words(first)}"
                f"–{date_format(last, 'H:i')}{offset_words(last)}"
            )
        case "day":
            return str(date_format(first, "D j M Y"))
        case "month":
            return str(date_format(first, "F Y"))
        case "year":
            return str(first.year)
        case _:
            return f"{date_format(first, 'j M Y')} – {date_format(last, 'j M Y')}"


def _bar_label(unit: str, group: Sequence[Bucket]) -> str:
    """Return what one bar stands for: "5 minutes", "days"."""
    if unit == "minute":
        minutes = round((group[-1].end - group[0].start).total_seconds() / 60)
        return ngettext("minutes", "%(n)s minutes", minutes) % {"n": minutes}
    names = {
        "hour": _("hours"),
        "day": _("days"),
        "week": _("weeks"),
        "month": _("months"),
        "year": _("years"),
    }
    if len(group) > 1 and unit in ("hour", "day"):
        return _("%(count)s %(units)s a bar") % {"count": len(group), "units": names[unit]}
    return names[unit]


def _length(value: float) -> SvgNumber:
    return SvgNumber(f"{value:.2f}".rstrip("0").rstrip("."))

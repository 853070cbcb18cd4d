"""Where do the bars of a chart stand, how high are they, and where do they lead?

Bars are drawn on the server as SVG, each a link; they need no script and no inline style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.query.histogram import NO_OUTCOME
from audit.vocabulary import GROUPS

from .address import Address
from .labels import Environments, group_label, outcome_label, type_label
from .moments import to_utc
from .text import thin

WIDTH = 1000.0
HEIGHT = 96.0
MAX_BARS = 400
MAX_SERIES = 8
TICKS = 5
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
class Series:
    """One colour of the stack.

    name: a class of the style sheet that gives the colour
    fill: the colour itself, for environments; else empty
    href: the search narrowed to it; None for the rest of many
    """

    key: str
    label: str
    name: str
    fill: str
    total: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    series: Series
    y: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Lengths in the units of the chart's viewBox, as SVG writes them."""

    x: str
    width: str
    label: str
    total: str
    href: str
    segments: tuple[Segment, ...]
    counts: tuple[str, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: tuple[Bar, ...]
    series: tuple[Series, ...]
    ticks: tuple[str, ...]
    highest: str
    total: str
    bar_label: str
    zone: str
    width: str
    height: str


def bar_chart(
    buckets: Sequence[Bucket],
    *,
    interval: str,
    zone: str,
    by: str,
    address: Address,
    environments: Environments,
    now: datetime,
) -> Chart:
    """interval, zone: of one bucket, as the histogram says them; by: what their counts are by.

    Neighbours are joined where there would be over MAX_BARS.
    """
    per_bar = -(-len(buckets) // MAX_BARS) or 1
    joined = [buckets[i : i + per_bar] for i in range(0, len(buckets), per_bar)]
    series = _series(buckets, by=by, address=address, environments=environments)
    counted = [_count(group, [s.key for s in series]) for group in joined]
    highest = max((sum(counts) for counts in counted), default=0)
    tz = ZoneInfo(zone)
    step = WIDTH / len(joined) if joined else WIDTH
    bars = tuple(
        _bar(
            group[0].start,
            group[-1].end,
            counts,
            x=index * step,
            width=step,
            highest=highest,
            series=series,
            label=_span_label(group[0].start, group[-1].end, tz, interval, per_bar),
            address=address,
            now=now,
        )
        for index, (group, counts) in enumerate(zip(joined, counted, strict=True))
    )
    return Chart(
        bars=bars,
        series=series,
        ticks=_ticks([group[0].start for group in joined], tz, interval),
        highest=thin(highest),
        total=thin(sum(map(sum, counted))),
        bar_label=_bar_label(interval, per_bar),
        zone=zone,
        width=_length(WIDTH),
        height=_length(HEIGHT),
    )


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


def _series_class(key: str, *, by: str, position: int) -> str:
    """Groups have the same colour on every page, so theirs goes by their place among all."""
    if key in (REST, NO_OUTCOME):
        return "series-rest"
    match by:
        case "group":
            known = [group for group in GROUPS if group != "other"]
            return f"series-{known.index(key)}" if key in known else "series-rest"
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
    *,
    x: float,
    width: float,
    highest: int,
    series: Sequence[Series],
    label: str,
    address: Address,
    now: datetime,
) -> Bar:
    segments = []
    y = HEIGHT
    for one, count in zip(series, counts, strict=True):
        if count:
            height = HEIGHT * count / highest
            y -= height
            segments.append(Segment(series=one, y=_length(max(y, 0.0)), height=_length(height)))
    gap = min(1.0, width / 5)
    return Bar(
        x=_length(x),
        width=_length(width - gap),
        label=label,
        total=thin(sum(counts)),
        href=str(address.only(**{"from": to_utc(start), "to": to_utc(end)})),
        segments=tuple(segments),
        counts=tuple(thin(count) for count in counts),
        is_partial=end > now >= start,
    )


def _ticks(starts: Sequence[datetime], tz: ZoneInfo, interval: str) -> tuple[str, ...]:
    if len(starts) <= TICKS:
        chosen = list(starts)
    else:
        chosen = [starts[(len(starts) - 1) * i // (TICKS - 1)] for i in range(TICKS)]
    pattern = "j M H:i" if interval == "hour" else "j M Y"
    return tuple(date_format(start.astimezone(tz), pattern) for start in chosen)


def _span_label(start: datetime, end: datetime, tz: ZoneInfo, interval: str, per_bar: int) -> str:
    first, last = start.astimezone(tz), end.astimezone(tz)
    if interval == "hour":
        return f"{date_format(first, 'D j M Y, H:i')}–{date_format(last, 'H:i')}"
    if per_bar == 1:
        return str(date_format(first, "D j M Y"))
    return f"{date_format(first, 'j M Y')} – {date_format(last, 'j M Y')}"


def _bar_label(interval: str, per_bar: int) -> str:
    if per_bar == 1:
        return _("hours") if interval == "hour" else _("days")
    if interval == "hour":
        return _("%(count)s hours a bar") % {"count": per_bar}
    return _("%(count)s days a bar") % {"count": per_bar}


def _length(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

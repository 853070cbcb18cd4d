"""Draws each column of a comparison over time, to one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from audit.query.compare.comparison import Column
from audit.query.counts.histogram import Bucket
from audit.web.parts.markup import Markup, Tag
from audit.web.parts.moments import offset_words, to_utc
from audit.web.parts.text import ABSENT, thin
from audit.web.parts.url import Address

WIDTH, HEIGHT = 1000.0, 40.0
MAX_BARS = 200
TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Lengths in units of the viewBox. label: when, and how many."""

    x: str
    y: str
    width: str
    height: str
    label: str
    count: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    tag: Tag
    bars: tuple[Bar, ...]
    ticks: tuple[str, ...]
    highest: str

    @property
    def links(self) -> LineLinks:
        return LineLinks(self.bars, self.tag.colour)


@dataclass(frozen=True, slots=True)
class LineLinks(Markup):
    """The bars of a line, each a link."""

    bars: tuple[Bar, ...]
    colour: str

    def __html__(self) -> SafeString:
        colour = SafeString(escape(self.colour))
        return SafeString("".join(_link(bar, colour) for bar in self.bars))


@dataclass(frozen=True, slots=True)
class CountRows(Markup):
    """Rows of a table: a label and the counts of a bar each."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def __html__(self) -> SafeString:
        return SafeString("".join(_row(label, counts) for label, counts in self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLines:
    """All lines to one scale. rows: the same as a table, a label and the counts of a bar each
    has_own_axes: the lines are of different periods
    """

    lines: tuple[TimeLine, ...]
    rows: CountRows
    highest: str
    width: str
    height: str
    has_own_axes: bool


def time_lines(
    columns: Sequence[Column],
    buckets: Sequence[Sequence[Bucket]],
    *,
    tags: Sequence[Tag],
    events: Address,
    zone: ZoneInfo,
) -> TimeLines | None:
    """buckets: of each column; events: the address that a bar's link narrows; None: no buckets"""
    longest = max(map(len, buckets), default=0)
    if not longest:
        return None
    per_bar = -(-longest // MAX_BARS)
    joined = [_joined(each, per_bar) for each in buckets]
    highest = max((bucket.total for each in joined for bucket in each), default=0)
    slots = max(map(len, joined))
    lines = tuple(
        TimeLine(
            tag=tag,
            bars=tuple(
                _bar(
                    place, bucket, slots=slots, highest=highest, zone=zone,
                    events=events.only(environment=column.environment),
                )
                for place, bucket in enumerate(each)
            ),
            ticks=_ticks([bucket.start for bucket in each], zone),
            highest=thin(max((bucket.total for bucket in each), default=0)),
        )
        for column, each, tag in zip(columns, joined, tags, strict=True)
    )  # fmt: skip
    return TimeLines(
        lines=lines,
        rows=CountRows(tuple(_rows(lines, slots))),
        highest=thin(highest),
        width=f"{WIDTH:g}",
        height=f"{HEIGHT:g}",
        has_own_axes=len({(column.start, column.end) for column in columns}) > 1,
    )


def _link(bar: Bar, colour: SafeString) -> str:
    told = f"{escape(bar.label)}: {escape(bar.count)}"
    place = f'x="{escape(bar.x)}"'
    width = f'width="{escape(bar.width)}"'
    return (
        f'<a href="{escape(bar.href)}" tabindex="-1" aria-label="{told}"><title>{told}</title>'
        f'<rect class="hit" {place} y="0" {width} height="{HEIGHT:g}"/>'
        f'<rect fill="{colour}" {place} y="{escape(bar.y)}" {width} height="{escape(bar.height)}"/>'
        "</a>"
    )


def _row(label: str, counts: Iterable[str]) -> str:
    numbers = "".join(f'<td class="number">{escape(count)}</td>' for count in counts)
    return f'<tr><th scope="row">{escape(label)}</th>{numbers}</tr>'


class _Joined(NamedTuple):
    """Neighbouring buckets as one bar."""

    start: datetime
    end: datetime
    total: int


def _joined(buckets: Sequence[Bucket], per_bar: int) -> list[_Joined]:
    groups = [buckets[i : i + per_bar] for i in range(0, len(buckets), per_bar)]
    return [
        _Joined(group[0].start, group[-1].end, sum(sum(b.counts.values()) for b in group))
        for group in groups
    ]


def _bar(
    place: int, bucket: _Joined, *, slots: int, highest: int, events: Address, zone: ZoneInfo
) -> Bar:
    start, end, count = bucket
    step = WIDTH / slots
    height = HEIGHT * count / highest if highest else 0.0
    return Bar(
        x=f"{place * step:.2f}",
        y=f"{HEIGHT - height:.2f}",
        width=f"{step - min(1.0, step / 5):.2f}",
        height=f"{height:.2f}",
        label=_label(start, end, zone),
        count=thin(count),
        href=str(events.only(**{"from": to_utc(start), "to": to_utc(end)})),
    )


def _label(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, last = start.astimezone(zone), end.astimezone(zone)
    if last - first < timedelta(hours=20):
        return (
            f"{date_format(first, 'j M H:i')}{offset_words(first)}"
            f"–{date_format(last, 'H:i')}{offset_words(last)}"
        )
    final = last - timedelta(seconds=1)
    if first.date() == final.date():
        return str(date_format(first, "D j M Y"))
    return f"{date_format(first, 'j M')} – {date_format(final, 'j M Y')}"


def _ticks(starts: Sequence[datetime], zone: ZoneInfo) -> tuple[str, ...]:
    few = min(TICKS, len(starts))
    chosen = [starts[(len(starts) - 1) * i // max(1, few - 1)] for i in range(few)]
    return tuple(
        str(date_format(start.astimezone(zone), "j M H:i"))
        if _is_hourly(starts)
        else str(date_format(start.astimezone(zone), "j M"))
        for start in chosen
    )


def _is_hourly(starts: Sequence[datetime]) -> bool:
    return len(starts) > 1 and starts[1] - starts[0] < timedelta(hours=20)


def _rows(lines: Sequence[TimeLine], slots: int) -> list[tuple[str, tuple[str, ...]]]:
    rows = []
    for place in range(slots):
        bars = [line.bars[place] if place < len(line.bars) else None for line in lines]
        label = next((bar.label for bar in bars if bar), "")
        rows.append((label, tuple(bar.count if bar else ABSENT for bar in bars)))
    return rows

"""Writes the bars of a chart as links in SVG, and as rows of a table.

A year has bars and numbers by the hundred, and a template takes ten microseconds for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .markup import Markup, SvgNumber

PARTIAL = ' class="partial"'


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
    y: SvgNumber
    height: SvgNumber
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """counts: of each series of the chart, zeros too"""

    x: SvgNumber
    width: SvgNumber
    label: str
    total: str
    href: str
    segments: tuple[Segment, ...]
    counts: tuple[str, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True)
class BarLinks(Markup):
    """The bars of a chart of this height, each a link; the last one is where a key leads first."""

    bars: Sequence[Bar]
    height: SvgNumber

    def __html__(self) -> SafeString:
        last = len(self.bars) - 1
        return SafeString("".join(self._link(bar, i == last) for i, bar in enumerate(self.bars)))

    def _link(self, bar: Bar, is_last: bool) -> str:
        label, total = escape(bar.label), escape(bar.total)
        so_far = f" {escape(_('(so far)'))}" if bar.is_partial else ""
        told = "".join(
            f"\n{escape(segment.series.label)} {escape(segment.count)}"
            for segment in reversed(bar.segments)
        )
        place = f'x="{bar.x}" width="{bar.width}"'
        drawn = "".join(_rect(bar, segment) for segment in bar.segments)
        return (
            f'<a href="{escape(bar.href)}" tabindex="{0 if is_last else -1}"'
            f'{PARTIAL if bar.is_partial else ""} aria-label="{label}: {total}">'
            f"<title>{label}{so_far}\n{total}{told}</title>"
            f'<rect class="hit" {place} height="{self.height}"/>{drawn}</a>'
        )


def _rect(bar: Bar, segment: Segment) -> str:
    series = segment.series
    fill = f' fill="{escape(series.fill)}"' if series.fill else ""
    return (
        f'<rect class="{escape(series.name)}"{fill} x="{bar.x}" y="{segment.y}"'
        f' width="{bar.width}" height="{segment.height}"/>'
    )


@dataclass(frozen=True, slots=True)
class BarRows(Markup):
    """The same as rows of a table."""

    bars: Sequence[Bar]

    def __html__(self) -> SafeString:
        return SafeString("\n".join(map(_row, self.bars)))


def _row(bar: Bar) -> str:
    numbers = "".join(
        f'<td class="number">{escape(count)}</td>' for count in (bar.total, *bar.counts)
    )
    return (
        f'<tr><th scope="row"><a href="{escape(bar.href)}">{escape(bar.label)}</a></th>'
        f"{numbers}</tr>"
    )

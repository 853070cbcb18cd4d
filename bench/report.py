"""What does `docs/performance.md` say? The tables, a chart, the machine, and what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from config.variables import BASE_DIR

from .chart import chart
from .figure import Figure, bounds, markdown, number, table
from .run import Kept

PAGE = BASE_DIR / "docs" / "performance.md"
CHART = BASE_DIR / "docs" / "performance.svg"
LEARNT = Path(__file__).with_name("learnt.md")
WIDTH = 100
LEGEND = """“Ours” and the reference are medians over the repeats; the ratio is the median of each
repeat's own ratio: ours by the reference, or, of histograms, how many times faster.
“Reached” says whether that is the aim, the floor or neither. Milliseconds and megabytes have
bounds, too, which are shown and not judged, since machines differ: “beyond” is worse than the
floor."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was kept in one directory of data, in the order of the steps. word: what tells it from
    another among as many events, such as "before"
    """

    kept: Sequence[Kept]
    word: str = ""

    @property
    def events(self) -> int:
        return self.kept[0].events

    @property
    def size(self) -> str:
        """Return how many events there were to read, and its word."""
        return f"{self.events:,}{f', {self.word}' if self.word else ''}"

    @property
    def figures(self) -> list[Figure]:
        return [figure for one in self.kept for figure in one.result.figures]

    @property
    def judged(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.floor is not None]

    def in_group(self, group: str) -> list[Figure]:
        return [f for one in self.kept if one.group == group for f in one.result.figures]


def write_report(measurements: Sequence[Measurement], groups: Sequence[str]) -> None:
    """Write the page and its chart. groups: the headings, in order."""
    CHART.write_text(chart(_bars(measurements, groups)))
    PAGE.write_text(page(measurements, groups))


def page(measurements: Sequence[Measurement], groups: Sequence[str]) -> str:
    """Return the page: sizes of data side by side where there are several, then each in full."""
    floors = "; ".join(
        f"{sum(f.is_met for f in one.judged)} of {len(one.judged)} ratios reach their floors"
        f" among {one.events:,} events{f' {one.word}' if one.word else ''}"
        for one in measurements
    )
    numbers = dict.fromkeys(one.events for one in measurements)
    commands = " and ".join(f"`make bench FULL=1 EVENTS={number}`" for number in numbers)
    parts = [
        "# Performance",
        fill(
            f"Written by {commands}; what it measures is held against what the same machine does"
            " in the same run, since milliseconds alone say little. `fsync`,"
            " `synchronous_commit`, `full_page_writes` and checksums are on. All numbers of"
            f" events are spread over twelve months. {floors}.",
            WIDTH,
            break_on_hyphens=False,
        ),
        LEGEND,
        "![The ratios next to their floors](performance.svg)",
    ]
    if len(measurements) > 1:
        parts += ["## Side by side", *_side_by_side(measurements, groups)]
    for one in measurements:
        word = f", {one.word}" if one.word else ""
        parts += [f"## Among {one.events:,} events{word}", *_in_full(one, groups)]
    return "\n\n".join([*parts, LEARNT.read_text().rstrip()]) + "\n"


def _in_full(measurement: Measurement, groups: Sequence[str]) -> list[str]:
    parts = []
    for group in groups:
        figures = measurement.in_group(group)
        if figures:
            parts += [f"### {group}", table(figures)]
        parts += [k.result.notes for k in measurement.kept if k.group == group and k.result.notes]
    steps = ", ".join(f"{one.step} {one.seconds:.0f}{_load(one)}" for one in measurement.kept)
    seconds = sum(one.seconds for one in measurement.kept)
    about = measurement.kept[-1].about
    run = fill(
        f"{about}. {seconds:.0f} s in all; by step (and load of the machine before it): {steps}.",
        WIDTH,
    )
    return [*parts, "### The run", run]


def _load(kept: Kept) -> str:
    return "" if kept.load is None else f" ({kept.load:.1f})"


def _side_by_side(measurements: Sequence[Measurement], groups: Sequence[str]) -> list[str]:
    parts = []
    sizes = [one.size for one in measurements]
    for group in groups:
        found = [{f.name: f for f in one.in_group(group)} for one in measurements]
        names = list(dict.fromkeys(name for figures in found for name in figures))
        rows = [
            (
                "work",
                *(f"{size}: ours" for size in sizes),
                "floor, aim",
                *(f"{size}: ratio" for size in sizes),
                "floor, aim",
            )
        ]
        for name in names:
            figures = [figures.get(name) for figures in found]
            # Where few events are read, a floor may not be asked for: the largest run tells.
            told = next(f for f in reversed(figures) if f is not None)
            rows.append(
                (
                    name,
                    *(_ours(f) if f else "" for f in figures),
                    bounds(told.value_floor, told.value_aim),
                    *(_ratio(f) if f else "" for f in figures),
                    bounds(told.floor, told.aim),
                )
            )
        if names:
            parts += [f"### {group}", markdown(rows)]
    return parts


def _ours(figure: Figure) -> str:
    return _marked(f"{number(figure.value)} {figure.unit}".strip(), figure.value_reached)


def _ratio(figure: Figure) -> str:
    return _marked(number(figure.ratio), figure.reached) if figure.ratio is not None else ""


def _marked(text: str, reached: str) -> str:
    return f"{text} ({reached})" if reached else text


def _bars(
    measurements: Sequence[Measurement], groups: Sequence[str]
) -> list[tuple[str, list[tuple[str, Figure]]]]:
    """The judged figures by group, and of each name one bar for each size of data."""
    several = len(measurements) > 1
    found = []
    for group in groups:
        by_name: dict[str, list[tuple[str, Figure]]] = {}
        for one in measurements:
            for figure in one.in_group(group):
                if figure.floor is not None:
                    label = f"{figure.name}, {one.size}" if several else figure.name
                    by_name.setdefault(figure.name, []).append((label, figure))
        if by_name:
            found.append((group, [bar for bars in by_name.values() for bar in bars]))
    return found

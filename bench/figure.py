"""What was measured, and is it enough? Floors of ratios are judged, those of milliseconds shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    values: one for each repeat, of what is ours; references: of what it is held against, in the
        same repeats; unit: of both
    is_more_better: of the values; the ratio is ours by the reference, unless `is_speedup`: then it
        is how many times faster ours is
    floor, aim: of the ratio, judged; value_floor, value_aim: of the value in its unit, shown only,
        since machines differ
    """

    name: str
    unit: str
    values: Sequence[float]
    reference: str = ""
    references: Sequence[float] = ()
    is_more_better: bool = True
    is_speedup: bool = False
    floor: float | None = None
    aim: float | None = None
    value_floor: float | None = None
    value_aim: float | None = None

    @property
    def value(self) -> float:
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    @property
    def ratios(self) -> list[float]:
        """Ours by the reference (or the other way about), repeat by repeat."""
        pairs = zip(self.values, self.references, strict=False)
        return [r / v if self.is_speedup else v / r for v, r in pairs]

    @property
    def ratio(self) -> float | None:
        return median(self.ratios) if self.references else None

    @property
    def is_met(self) -> bool:
        return self.floor is None or self._reaches(self.ratio, self.floor, self._is_more_ratio)

    @property
    def reached(self) -> str:
        """Which of its ratio's bounds is reached: "aim", "floor" or "MISSED"; "" without any."""
        return self._word(self.ratio, self.floor, self.aim, self._is_more_ratio, "MISSED")

    @property
    def value_reached(self) -> str:
        """The same of the value's bounds, which nobody judges: "aim", "floor" or "beyond"."""
        bounds = self.value_floor, self.value_aim
        return self._word(self.value, *bounds, self.is_more_better, "beyond")

    @property
    def share(self) -> float:
        """How many times as good as its floor the ratio is."""
        if not self.ratio or not self.floor:
            return 0.0
        return self.ratio / self.floor if self._is_more_ratio else self.floor / self.ratio

    @property
    def _is_more_ratio(self) -> bool:
        return self.is_speedup or self.is_more_better

    @staticmethod
    def _reaches(value: float | None, bound: float, is_more: bool) -> bool:
        return value is not None and (value >= bound if is_more else value <= bound)

    def _word(
        self, value: float | None, floor: float | None, aim: float | None, is_more: bool, miss: str
    ) -> str:
        if floor is None:
            return ""
        if aim is not None and self._reaches(value, aim, is_more):
            return "aim"
        return "floor" if self._reaches(value, floor, is_more) else miss


HEADINGS = (
    *("work", "ours", "least to most", "floor, aim", "reached"),
    *("reference", "ratio", "floor, aim", "reached"),
)


def cells(figure: Figure) -> tuple[str, ...]:
    """Return the cells of a figure's line, in the order of HEADINGS."""
    low, high = figure.spread
    ratio = figure.ratio
    held = f"{figure.reference}: {number(median(figure.references))}" if figure.references else ""
    return (
        figure.name,
        f"{number(figure.value)} {figure.unit}".strip(),
        f"{number(low)}–{number(high)}" if len(figure.values) > 1 else "",
        bounds(figure.value_floor, figure.value_aim),
        figure.value_reached,
        held,
        number(ratio) if ratio is not None else "",
        bounds(figure.floor, figure.aim),
        figure.reached,
    )


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table in Markdown, its columns in line."""
    return markdown([HEADINGS, *map(cells, figures)])


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells, the first with the headings, as a table with its columns in line."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def bounds(floor: float | None, aim: float | None) -> str:
    """Return a floor and an aim as one cell."""
    return ", ".join(f"{bound:,g}" for bound in (floor, aim) if bound is not None)


def number(value: float) -> str:
    """Return a value with three digits or so."""
    size = abs(value)
    if size >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"

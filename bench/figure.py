"""What was measured, and is it enough? Ratios have floors; milliseconds are only shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    values: one for each repeat, of what is ours; references: of what it is held against, in the
        same repeats; unit: of both
    ratio: how much better ours is by `is_more_better`'s measure; floor, aim: of the ratio; without
        a floor nothing is judged
    """

    name: str
    unit: str
    values: Sequence[float]
    reference: str = ""
    references: Sequence[float] = ()
    is_more_better: bool = True
    floor: float | None = None
    aim: float | None = None

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
        return [v / r if self.is_more_better else r / v for v, r in pairs]

    @property
    def ratio(self) -> float | None:
        return median(self.ratios) if self.references else None

    @property
    def is_met(self) -> bool:
        return self.floor is None or (self.ratio is not None and self.ratio >= self.floor)


HEADINGS = ("work", "ours", "least to most", "reference", "ratio", "floor", "aim", "")


def cells(figure: Figure) -> tuple[str, ...]:
    """Return the cells of a figure's line, in the order of HEADINGS."""
    low, high = figure.spread
    ratio = figure.ratio
    held = f"{figure.reference}: {_number(median(figure.references))}" if figure.references else "–"
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        f"{_number(low)}–{_number(high)}",
        held,
        _number(ratio) if ratio is not None else "–",
        _number(figure.floor) if figure.floor is not None else "–",
        _number(figure.aim) if figure.aim is not None else "–",
        "" if figure.floor is None else "met" if figure.is_met else "MISSED",
    )


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table in Markdown, its columns in line."""
    rows = [HEADINGS, *map(cells, figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _number(value: float) -> str:
    if value >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

"""What does `docs/performance.md` say? The table, a chart, the machine, and what was learnt."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from config.configuration import BASE_DIR

from .figure import Figure, table

PAGE = BASE_DIR / "docs" / "performance.md"
CHART = BASE_DIR / "docs" / "performance.svg"
LEARNT = Path(__file__).with_name("learnt.md")
_ROW = 26
_LEFT = 430
_WIDTH = 900


def write_report(
    figures: Sequence[Figure], *, events: int, seconds: float, postgres: str, slowest: str
) -> None:
    """Write the page and its chart."""
    judged = [figure for figure in figures if figure.floor is not None]
    CHART.write_text(chart(judged))
    met = sum(figure.is_met for figure in judged)
    PAGE.write_text(
        f"""# Performance

Written by `make bench FULL=1 EVENTS={events}`; what it measures is held against what the same
machine does in the same run, since milliseconds alone say little. `fsync`, `synchronous_commit`,
`full_page_writes` and checksums are on. {met} of {len(judged)} floors are met.

{table(figures)}

Ours and the reference are medians over the repeats; the ratio is the median of each repeat's own
ratio, above 1 where ours is better.

![The ratios next to their floors](performance.svg)

## The slowest first pages

{slowest}

## The run

{_machine()}, PostgreSQL {postgres}, Python {platform.python_version()}, Django
{version("django")}, psycopg {version("psycopg")}. {events:,} events over twelve months,
{seconds:.0f} s in all, {datetime.now(UTC):%Y-%m-%d}.

{LEARNT.read_text().rstrip()}
"""
    )


def chart(figures: Sequence[Figure]) -> str:
    """Return bars of ratio by floor, in SVG; a bar to the line is a floor just met."""
    height = _ROW * (len(figures) + 1)
    shares = [(figure.ratio or 0) / (figure.floor or 1) for figure in figures]
    scale = (_WIDTH - _LEFT - 60) / max(4.0, *shares, 0)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        "<title>Ratios by their floors</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, (figure, share) in enumerate(zip(figures, shares, strict=True)):
        y = _ROW * number + 6
        colour = "#0072b2" if figure.is_met else "#d55e00"
        name = figure.name.replace("&", "&amp;").replace("<", "&lt;")
        lines += [
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{name}</text>',
            f'<rect x="{_LEFT}" y="{y}" width="{share * scale:.0f}" height="16" fill="{colour}"/>',
            f'<text x="{_LEFT + share * scale + 6:.0f}" y="{y + 13}">{share:.1f} × floor</text>',
        ]
    x = _LEFT + scale
    lines.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="0" y2="{height}" stroke="#333"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _machine() -> str:
    model = "a processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB of memory"

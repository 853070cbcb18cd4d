"""How far above their floors are the ratios? Bars in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .figure import Figure

_ROW = 24
_HEADING = 34
_LEFT = 560
_WIDTH = 1_060
_MOST = 4.0
_MET, _MISSED = "#0072b2", "#d55e00"


def chart(groups: Sequence[tuple[str, Sequence[tuple[str, Figure]]]]) -> str:
    """Return a bar for each (label, figure), under the name of its group.

    A bar to the line is a floor just met; one that is longer than the chart is cut, and says so.
    """
    rows = sum(len(figures) for _, figures in groups)
    height = _ROW * rows + _HEADING * len(groups) + 12
    scale = (_WIDTH - _LEFT - 90) / _MOST
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        "<title>Ratios by their floors</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    y = 0
    for name, figures in groups:
        lines.append(f'<text x="12" y="{y + 24}" font-weight="bold">{escape(name)}</text>')
        y += _HEADING
        for label, figure in figures:
            lines += _bar(label, figure, y, scale)
            y += _ROW
    x = _LEFT + scale
    lines.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="0" y2="{height}" stroke="#333"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _bar(label: str, figure: Figure, y: int, scale: float) -> list[str]:
    share = figure.share
    width = min(share, _MOST) * scale
    cut = " →" if share > _MOST else ""
    # Right of the line of the floor, too, which would cross it.
    after = max(width, scale) + 6
    colour = _MET if figure.is_met else _MISSED
    return [
        f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>',
        f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="16" fill="{colour}"/>',
        f'<text x="{_LEFT + after:.0f}" y="{y + 13}">{share:.1f} × floor{cut}</text>',
    ]

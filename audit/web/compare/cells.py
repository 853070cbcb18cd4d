"""Writes the cells of a row of the comparison, which has rows by the hundred."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from audit.web.parts.markup import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """count: with thin spaces, or a dot for none; bar: its share of the row's largest, of 100
    mark: "more", "only" or "never" where the row differs in this column, else ""
    href: its events, None where there are none, or (with a title that says so) where no search
        finds just these
    """

    count: str
    bar: str
    colour: str
    mark: str
    href: str | None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCells(Markup):
    """note: in what the row differs; note_href: all rows that differ so"""

    cells: tuple[MatrixCell, ...]
    note: str
    note_href: str | None

    def __html__(self) -> SafeString:
        note = escape(self.note)
        if self.note_href:
            note = f'<a class="quiet" href="{escape(self.note_href)}">{note}</a>'
        cells = "".join(map(_cell, self.cells))
        return SafeString(f'{cells}\n<td class="difference">{note}</td>\n')


def _cell(cell: MatrixCell) -> str:
    mark = f" {escape(cell.mark)}" if cell.mark else ""
    return f'<td class="number cell{mark}">{_counted(cell)}</td>'


def _counted(cell: MatrixCell) -> str:
    count = escape(cell.count)
    if not cell.bar:
        return f'<span class="absent" aria-label="0">{count}</span>'
    inner = (
        '<svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect fill="{escape(cell.colour)}" x="0" width="{escape(cell.bar)}" height="4"/></svg>'
        f"{count}"
    )
    if cell.href:
        return f'<a href="{escape(cell.href)}">{inner}</a>'
    return f'<span class="counted" title="{escape(cell.title)}">{inner}</span>'

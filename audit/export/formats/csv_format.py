"""CSV (RFC 4180) that a spreadsheet may open: no cell is a formula.

By choice it begins with U+FEFF, and its last line is `# rows=… sha256=…`.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Any

from audit.export.columns import COLUMNS, JSON_COLUMNS, NUMBERS, TIMES, Columns
from audit.export.form import Form
from audit.export.lookups import Lookups
from audit.export.rows import Row

from .formulas import harmless

# Columns whose texts are ours, or begin with a bracket.
_OURS = JSON_COLUMNS | NUMBERS | TIMES | {"id", "environment", "outcome"}
_THEIRS = tuple(number for number, name in enumerate(COLUMNS) if name not in _OURS)


class CsvWriter:
    is_resumable = True

    def __init__(self, lookups: Lookups, form: Form, *, rows_before: int = 0) -> None:
        self._values = Columns(lookups).values
        self._start = BOM_UTF8 if form.has_bom else b""

    def start(self) -> bytes:
        return self._start + _written([COLUMNS])

    def rows(self, batch: Sequence[Row]) -> bytes:
        return _written([_cells(self._values(row)) for row in batch])

    def end(self) -> bytes:
        return b""

    def last_line(self, *, rows: int, sha256: str) -> bytes:
        return f"# rows={rows} sha256={sha256}\r\n".encode()


def _cells(values: tuple[Any, ...]) -> list[Any]:
    cells = list(values)
    for number in _THEIRS:
        if cells[number]:
            cells[number] = harmless(cells[number])
    return cells


def _written(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    # Every text in quotes: a spreadsheet that separates by semicolons can't be led to split one.
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return out.getvalue().encode()

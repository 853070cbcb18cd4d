"""CSV (RFC 4180) that a spreadsheet may open: no cell is a formula.

The last line is `# rows=… sha256=…`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from .columns import COLUMNS, JSON_COLUMNS, NUMBERS, TIMES, Columns
from .rows import Row
from .words import Words

# What a spreadsheet takes for a formula, also after white space, also in full-width letters:
# =1+1, +1, -1, @SUM(A1), "\t=1" (OWASP, "CSV Injection")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# Columns whose texts are ours, or begin with a bracket.
_OURS = JSON_COLUMNS | NUMBERS | TIMES | {"id", "environment", "label", "outcome"}
_THEIRS = tuple(number for number, name in enumerate(COLUMNS) if name not in _OURS)


class CsvWriter:
    media_type = "text/csv; charset=utf-8"
    extension = "csv"
    is_resumable = True

    def __init__(self, words: Words, *, rows_before: int = 0) -> None:
        self._values = Columns(words).values

    def start(self) -> bytes:
        return _written([COLUMNS])

    def rows(self, batch: Sequence[Row]) -> bytes:
        return _written([harmless(self._values(row)) for row in batch])

    def end(self) -> bytes:
        return b""

    def last_line(self, *, rows: int, sha256: str) -> bytes:
        return f"# rows={rows} sha256={sha256}\r\n".encode()


def harmless(values: tuple[Any, ...]) -> list[Any]:
    """Return the values with an apostrophe before what a spreadsheet would run."""
    safe = list(values)
    for number in _THEIRS:
        text = safe[number]
        if text and not text[0].isalnum() and _FORMULA.match(text):
            safe[number] = "'" + text
    return safe


def _written(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    # Every text in quotes: a spreadsheet that separates by semicolons can't be led to split one.
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return out.getvalue().encode()

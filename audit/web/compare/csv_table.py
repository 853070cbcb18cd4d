"""The matrix as a table that a spreadsheet opens, and that runs nothing there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from audit.export.formats.formulas import harmless
from audit.query.compare.comparison import Comparison
from audit.vocabulary import event_type
from audit.web.parts.labels import Environments, group_label, type_label
from audit.web.parts.moments import to_utc

from .page import wanted_lines
from .rows import column_names, difference_words
from .url import ComparisonRequest


def matrix_csv(asked: ComparisonRequest, found: Comparison, *, environments: Environments) -> str:
    """Return all lines that the address asks for, with the bounds of each column in its head."""
    names = column_names(asked, environments)
    heads = [
        f"{name} [{to_utc(column.start)}, {to_utc(column.end)})"
        for name, column in zip(names, asked.query.columns, strict=True)
    ]
    return csv_text(
        ["by", "group", "key", "name", *heads, "difference"],
        _rows(asked, found, names),
    )


def csv_text(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Return RFC 4180, each text so that a spreadsheet doesn't take it for a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(text) for text in head])
    writer.writerows([[harmless(v) if isinstance(v, str) else v for v in row] for row in rows])
    return out.getvalue()


def _rows(
    asked: ComparisonRequest, found: Comparison, names: Sequence[str]
) -> Iterator[list[str | int]]:
    by_share = not asked.is_by_period
    for one in wanted_lines(asked, found):
        line = one.line
        group = group_label(event_type(line.key).group) if asked.by == "type" else ""
        name = type_label(line.key) if asked.by == "type" else (line.name or "")
        words = difference_words(one.difference, names, by_share=by_share)
        yield [asked.by, group, line.key, name, *line.counts, words]

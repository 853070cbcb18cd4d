"""JSON: a list, an event a line; by choice `{"events": [ … ], "rows": …, "sha256": …}`.

A list, because that is a table to readers, where an object with a list in it is one row.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from audit.export.documents import Documents
from audit.export.form import Form
from audit.export.lookups import Lookups
from audit.export.rows import Row

_encode = msgspec.json.Encoder().encode_lines


class JsonWriter:
    is_resumable = True

    def __init__(self, lookups: Lookups, form: Form, *, rows_before: int = 0) -> None:
        self._make = Documents(lookups).make
        self._is_first = not rows_before
        self._has_end_line = form.has_end_line

    def start(self) -> bytes:
        return b'{"events": [' if self._has_end_line else b"["

    def rows(self, batch: Sequence[Row]) -> bytes:
        # No text holds a line's end of its own: JSON writes it as \n.
        lines = _encode([self._make(row) for row in batch])[:-1].replace(b"\n", b",\n")
        separator = b"\n" if self._is_first else b",\n"
        self._is_first = False
        return separator + lines

    def end(self) -> bytes:
        return b"\n],\n" if self._has_end_line else b"\n]\n"

    def last_line(self, *, rows: int, sha256: str) -> bytes:
        return b'"rows": %d, "sha256": "%b"}\n' % (rows, sha256.encode())

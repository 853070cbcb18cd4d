"""NDJSON: an event a line, and by choice a last line `{"export": {"rows": …, "sha256": …}}`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from audit.export.documents import Documents
from audit.export.form import Form
from audit.export.lookups import Lookups
from audit.export.rows import Row

_encode = msgspec.json.Encoder().encode_lines


class NdjsonWriter:
    is_resumable = True

    def __init__(self, lookups: Lookups, form: Form, *, rows_before: int = 0) -> None:
        self._make = Documents(lookups).make

    def start(self) -> bytes:
        return b""

    def rows(self, batch: Sequence[Row]) -> bytes:
        return _encode([self._make(row) for row in batch])

    def end(self) -> bytes:
        return b""

    def last_line(self, *, rows: int, sha256: str) -> bytes:
        return b'{"export": {"rows": %d, "sha256": "%b"}}\n' % (rows, sha256.encode())

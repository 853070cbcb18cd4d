"""Raw: NDJSON of the texts as they are stored, in lines that PostgreSQL made."""

from __future__ import annotations

from collections.abc import Sequence

from audit.export.raw_lines import LINE
from audit.export.rows import Row

from .ndjson_format import NdjsonWriter


class RawWriter(NdjsonWriter):
    def rows(self, batch: Sequence[Row]) -> bytes:
        return b"".join([row[LINE] for row in batch])

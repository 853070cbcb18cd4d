"""Parquet: typed columns, row groups as they come. Its footer tells `rows` and `sha256`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256 as new_hash
from typing import Any

from audit.export.columns import COLUMNS, TIMES, Columns
from audit.export.form import Form
from audit.export.lookups import Lookups
from audit.export.rows import Row

ROW_GROUP = 5_000


class ParquetWriter:
    """A footer must know all row groups, so an export that was interrupted begins anew.

    The footer's hash is over the ids, one a line: a file can't hold the hash of itself.
    """

    is_resumable = False

    def __init__(self, lookups: Lookups, form: Form, *, rows_before: int = 0) -> None:
        import pyarrow
        import pyarrow.parquet

        self._arrow = pyarrow
        self._values = Columns(lookups).values
        self._schema = pyarrow.schema([(name, _type(pyarrow, name)) for name in COLUMNS])
        self._sink = _Sink()
        self._writer = pyarrow.parquet.ParquetWriter(
            self._sink, self._schema, compression="zstd", version="2.6"
        )
        self._waiting: list[tuple[Any, ...]] = []
        self._ids = new_hash()
        self._rows = 0

    def start(self) -> bytes:
        return self._sink.taken()

    def rows(self, batch: Sequence[Row]) -> bytes:
        self._waiting += [self._values(row) for row in batch]
        if len(self._waiting) >= ROW_GROUP:
            self._write()
        return self._sink.taken()

    def end(self) -> bytes:
        if self._waiting:
            self._write()
        self._writer.add_key_value_metadata(
            {"rows": str(self._rows), "sha256": self._ids.hexdigest()}
        )
        self._writer.close()
        return self._sink.taken()

    def last_line(self, *, rows: int, sha256: str) -> bytes:
        return b""

    def _write(self) -> None:
        columns = dict(zip(COLUMNS, map(list, zip(*self._waiting, strict=True)), strict=True))
        for name in TIMES:
            columns[name] = [datetime.fromisoformat(text) for text in columns[name]]
        self._ids.update("".join(f"{id_}\n" for id_ in columns["id"]).encode())
        self._rows += len(self._waiting)
        self._waiting.clear()
        arrays = [self._arrow.array(columns[field.name], type=field.type) for field in self._schema]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))


class _Sink(io.RawIOBase):
    """What Parquet's writer has written and nobody has taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self._position += len(self._pieces[-1])
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _type(arrow: Any, name: str) -> Any:
    if name in TIMES:
        return arrow.timestamp("us", tz="UTC")
    if name in ("latitude", "longitude"):
        return arrow.float64()
    return arrow.int64() if name == "sequence" else arrow.string()

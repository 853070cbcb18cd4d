"""Writes an export piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import connections, transaction

from audit.conf import audit_settings
from audit.export.formats.csv_format import CsvWriter
from audit.export.formats.json_format import JsonWriter
from audit.export.formats.ndjson_format import NdjsonWriter
from audit.export.formats.parquet_format import ParquetWriter
from audit.export.formats.raw_format import RawWriter
from audit.query.search.event_query import EventQuery

from .form import Form
from .lookups import Clients, Lookups
from .raw_lines import last_id as last_raw_id
from .raw_lines import raw_batches
from .read_ahead import CANCEL_SECONDS, read_ahead
from .rows import Row, batches, lowest_id


class Writer(Protocol):
    """One export in one format. `last_line` is asked for where the form has one; the hash that it
    tells is over all that comes before.
    """

    is_resumable: bool

    def __init__(self, lookups: Lookups, form: Form, *, rows_before: int = 0) -> None: ...
    def start(self) -> bytes: ...
    def rows(self, batch: Sequence[Row]) -> bytes: ...
    def end(self) -> bytes: ...
    def last_line(self, *, rows: int, sha256: str) -> bytes: ...


WRITERS: Mapping[str, type[Writer]] = {
    "csv": CsvWriter,
    "json": JsonWriter,
    "ndjson": NdjsonWriter,
    "parquet": ParquetWriter,
    "raw": RawWriter,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes of an export; rows: how many are in up to here; last_id: the lowest of their ids."""

    body: bytes
    rows: int
    last_id: UUID | None


def export(query: EventQuery, form: Form) -> Iterator[bytes]:
    """Yield an export as a whole, newest first: all that matches, of one snapshot.

    It holds a transaction on the connection of this thread until it is done or closed.
    """
    using = audit_settings().READER_DATABASE
    with (
        transaction.atomic(using=using),
        closing(pieces(connections[using].connection, query, form)) as given,
    ):
        for piece in given:
            if piece.body:
                yield piece.body


def pieces(
    connection: psycopg.Connection[Any],
    query: EventQuery,
    form: Form,
    *,
    done: Piece | None = None,
    digest: Any = None,
) -> Generator[Piece]:
    """Yield the pieces of an export, the last one with the count of all.

    done: where an interrupted one got to; digest: the SHA-256 of what it has written, kept up to
    date. Must run inside a transaction, and be closed before it ends: a thread reads ahead on the
    connection meanwhile.
    """
    digest = digest or sha256()
    rows = done.rows if done else 0
    last_id = done.last_id if done else None
    lookups, found = _found(connection, query, form, below=last_id)
    writer = WRITERS[form.format](lookups, form, rows_before=rows)

    def piece(body: bytes) -> Piece:
        digest.update(body)
        return Piece(body=body, rows=rows, last_id=last_id)

    if done is None:
        yield piece(writer.start())
    with read_ahead(found, cancel=lambda: _cancel(connection)) as ahead:
        for batch in ahead:
            rows += len(batch.rows)
            last_id, lookups.clients = batch.last_id, batch.clients
            yield piece(writer.rows(batch.rows))
    yield piece(writer.end())
    if form.has_end_line:
        yield piece(writer.last_line(rows=rows, sha256=digest.hexdigest()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """rows: as the format's writer takes them; last_id: the lowest of their ids"""

    rows: list[Row]
    last_id: UUID
    clients: Clients


def _found(
    connection: psycopg.Connection[Any], query: EventQuery, form: Form, *, below: UUID | None
) -> tuple[Lookups, Iterator[_Batch]]:
    """Take the snapshot, then what its numbers stand for; return both."""
    if form.format == "raw":
        lines = raw_batches(connection, query, salts_of=form.salts_of, below=below)
        return Lookups(connection), (
            _Batch(rows=each, last_id=last_raw_id(each), clients={}) for each in lines
        )
    found = batches(connection, query, below=below)
    lookups = Lookups(connection)
    return lookups, (
        _Batch(rows=each, last_id=lowest_id(each), clients=lookups.clients_of(each))
        for each in found
    )


def _cancel(connection: psycopg.Connection[Any]) -> None:
    """End the statement that runs. What comes in the way of it is told by the statement itself."""
    with suppress(psycopg.Error):
        connection.cancel_safe(timeout=CANCEL_SECONDS)

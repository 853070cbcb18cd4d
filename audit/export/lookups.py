"""Looks up what the small numbers of rows stand for, once for each export."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg
from msgspec import Raw

from audit.vocabulary.document import NULL, Device, Place

from .rows import CLIENT, Row

MAX_KNOWN = 20_000
_FLOATS = frozenset({"latitude", "longitude"})
_encode = msgspec.json.Encoder().encode


Clients = Mapping[bytes, Raw]


class Lookups:
    """Types, outcomes, environments and countries, each by its raw bytes; places as JSON.

    clients: those of the batch that is being made, as JSON
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._cursor = psycopg.Cursor(connection)
        self.environments = self._read("audit_environment", "key")
        self.outcomes = self._read("audit_outcome", "code")
        self.types = self._read("audit_eventtype", "code")
        self.countries = self._read("audit_country", "name")
        self.clients: Clients = {}
        self._known: dict[bytes, Raw] = {}
        self.places: dict[tuple[bytes | None, ...], Raw] = {}

    def clients_of(self, batch: Sequence[Row]) -> Clients:
        """Return the clients of a batch, and more; those not known yet are read.

        Whoever has the clients of an earlier batch keeps them: other ones are begun when there are
        too many.
        """
        wanted = {row[CLIENT] for row in batch if row[CLIENT] is not None} - self._known.keys()
        if not wanted:
            return self._known
        if len(self._known) > MAX_KNOWN:
            self._known = {}
            wanted = {row[CLIENT] for row in batch if row[CLIENT] is not None}
        self._cursor.execute(
            f"SELECT id, {', '.join(Device.__struct_fields__)}"  # noqa: S608 (columns of our own)
            " FROM audit_client WHERE id = ANY(%b)",
            ([int.from_bytes(raw, "big", signed=True) for raw in wanted],),
        )
        for number, *fields in self._cursor:
            raw = number.to_bytes(8, "big", signed=True)
            self._known[raw] = Raw(_encode(Device(*fields)))
        return self._known

    def place(self, raw: tuple[bytes | None, ...]) -> Raw:
        """Return the place of ten raw values (the fields of `Place`); the last one is its kind."""
        if len(self.places) > MAX_KNOWN:
            self.places.clear()
        values = map(self._value, Place.__struct_fields__, raw)
        known = self.places[raw] = Raw(_encode(Place(*values))) if raw[-1] is not None else NULL
        return known

    def _value(self, name: str, raw: bytes | None) -> Any:
        if raw is None:
            return None
        if name == "country":
            return self.countries.get(raw)
        if name == "radius_km":
            return int.from_bytes(raw, "big", signed=True)
        return struct.unpack(">d", raw)[0] if name in _FLOATS else raw.decode()

    def _read(self, table: str, column: str) -> dict[bytes, str]:
        self._cursor.execute(f"SELECT int2send(id::int2), {column} FROM {table}")  # noqa: S608 (tables and columns of our own)
        return {bytes(raw): word for raw, word in self._cursor}

"""Looks up what the small numbers of rows stand for, once for each export."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

from audit.query.document import PLACE_FIELDS
from audit.record.clients import DEVICE_FIELDS

from .rows import CLIENT, Row

MAX_KNOWN = 20_000
_FLOATS = frozenset({"latitude", "longitude"})
Device = Mapping[str, str | None]
Place = Mapping[str, Any]


class Words:
    """Types, outcomes, environments, countries, clients and places, each by its raw bytes."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._cursor = psycopg.Cursor(connection)
        self.environments = self._read("audit_environment", "key")
        self.outcomes = self._read("audit_outcome", "code")
        self.types = self._read("audit_eventtype", "code")
        self.countries = self._read("audit_country", "name")
        self.clients: dict[bytes, Device] = {}
        self.places: dict[tuple[bytes | None, ...], Place] = {}

    def learn(self, batch: Iterable[Row]) -> None:
        """Read the clients of a batch that are not known yet."""
        wanted = {row[CLIENT] for row in batch if row[CLIENT] is not None} - self.clients.keys()
        if not wanted:
            return
        if len(self.clients) > MAX_KNOWN:
            self.clients.clear()
            wanted = {row[CLIENT] for row in batch if row[CLIENT] is not None}
        self._cursor.execute(
            f"SELECT id, {', '.join(DEVICE_FIELDS)} FROM audit_client WHERE id = ANY(%b)",  # noqa: S608 (columns of our own)
            ([int.from_bytes(raw, "big", signed=True) for raw in wanted],),
        )
        for number, *fields in self._cursor:
            raw = number.to_bytes(8, "big", signed=True)
            self.clients[raw] = dict(zip(DEVICE_FIELDS, fields, strict=True))

    def place(self, raw: tuple[bytes | None, ...]) -> Place:
        """Return the place of ten raw values (`PLACE_FIELDS`)."""
        known = self.places.get(raw)
        if known is None:
            if len(self.places) > MAX_KNOWN:
                self.places.clear()
            known = self.places[raw] = {
                name: self._value(name, value)
                for name, value in zip(PLACE_FIELDS, raw, strict=True)
            }
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

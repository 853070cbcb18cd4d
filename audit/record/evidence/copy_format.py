"""Writes values in the format of a binary COPY: each as its length and its bytes.

The format is that of the PostgreSQL manual, "COPY", section "Binary Format", with each type's own
as its `_recv` function reads it. A value packed here can be kept and sent again for every row that
has it, which is why rows are not left to psycopg: most of an event's values are those of others.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address

from audit.log.times import POSTGRES_EPOCH_MICROS, to_micros

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no extension of the header
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
EPOCH_DAY = date(2000, 1, 1)
TEXT_OID = 25
_FAMILIES = {4: 2, 6: 3}  # PGSQL_AF_INET, PGSQL_AF_INET6

_length = struct.Struct(">i").pack
_int2 = struct.Struct(">ih").pack
_int4 = struct.Struct(">ii").pack
_int8 = struct.Struct(">iq").pack
_float8 = struct.Struct(">id").pack


def row_start(columns: int) -> bytes:
    """Return what a row of so many columns begins with."""
    return struct.pack(">h", columns)


def int2(value: int | None) -> bytes:
    return NULL if value is None else _int2(2, value)


def int4(value: int | None) -> bytes:
    return NULL if value is None else _int4(4, value)


def int8(value: int | None) -> bytes:
    return NULL if value is None else _int8(8, value)


def float8(value: float | None) -> bytes:
    return NULL if value is None else _float8(8, value)


def binary(value: bytes) -> bytes:
    """Return a `bytea`, a `uuid` of 16 bytes, or a `text` in UTF-8."""
    return _length(len(value)) + value


def text(value: str | None) -> bytes:
    return NULL if value is None else binary(value.encode())


def timestamptz(value: datetime) -> bytes:
    return _int8(8, to_micros(value) - POSTGRES_EPOCH_MICROS)


def day(value: date | None) -> bytes:
    """Return a `date`."""
    return NULL if value is None else _int4(4, (value - EPOCH_DAY).days)


def inet(value: IPv4Address | IPv6Address | None) -> bytes:
    """Return an address: family, bits of its mask, not a network, its bytes."""
    if value is None:
        return NULL
    packed = value.packed
    return binary(bytes((_FAMILIES[value.version], value.max_prefixlen, 0, len(packed))) + packed)


def text_array(values: Sequence[str]) -> bytes:
    """Return a `text[]` of one dimension, or NULL where there is nothing in it."""
    if not values:
        return NULL
    head = struct.pack(">iiiii", 1, 0, TEXT_OID, len(values), 1)
    return binary(head + b"".join(map(text, values)))

"""Reads the rows of an export: all that match, newest first, a batch at a time.

A cursor of the server's gives them, in one transaction: one snapshot, and as little memory for
millions as for one. Values come as the bytes that PostgreSQL sends; what to make of them is the
lines' work. The cursor goes by id; what is of the same microsecond is put in order here (`order`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.string import ByteaBinaryLoader

from audit.query.search.conditions import (
    bounds_condition,
    facet_conditions,
    joined,
    scope_condition,
)
from audit.query.search.event_query import EventQuery
from audit.query.search.one_instant import MOST_IN_ORDER

FIRST_BATCH = 50
BATCH = 250
CURSOR = "audit_export"
# Plan for the first rows: an index that gives them in order, rather than a sort of everything.
FRACTION = 0.000_01
_OIDS = ("uuid", "int2", "int4", "int8", "float8", "text", "timestamptz", "inet")
_COLUMNS = (
    "e.id::text, e.id, e.head, e.personal, e.details, e.environment, e.type, e.outcome,"
    " e.client_id, e.submission_id, e.received_at, array_to_json(e.redacted)::text, e.country,"
    " e.region, e.city, e.latitude, e.longitude, e.radius_km, e.time_zone, e.network,"
    " e.organisation, e.place_kind, e.ordinal"
)
# One event, in the order of _COLUMNS, each value as PostgreSQL's binary format has it. A plain
# tuple: with names it would cost a tenth of the whole export.
Row = tuple[Any, ...]
ID, SUBMISSION, CLIENT, ORDINAL = 1, 9, 8, 22
_TEXTS = slice(2, 5)
PLACE = slice(12, 22)
# What is held back of one instant to be put in order; one that is larger goes by id.
MOST_HELD_BYTES = 32 * 2**20


def batches(
    connection: psycopg.Connection[Any], query: EventQuery, *, below: UUID | None = None
) -> Iterator[list[Row]]:
    """Take a snapshot, and return all that matches in it, newest first: a small batch at once,
    then larger ones. No instant is divided between two of them, but for those that are too large
    to be put in order.

    below: go on beneath this id, which is not included. Must run inside a transaction; no budget
    of a search bounds it, and no reader's timeout: what matches may be far between.
    """
    declare(connection, query, f"{_COLUMNS} FROM audit_event e", below=below)
    return _in_order(fetched(connection))


def declare(
    connection: psycopg.Connection[Any],
    query: EventQuery,
    select: str,
    params: Sequence[Any] = (),
    *,
    below: UUID | None,
) -> None:
    """Take the snapshot. select: what of the events `e`, and from where; params: its own"""
    cursor = psycopg.Cursor(connection)
    cursor.execute("SET LOCAL statement_timeout = 0")
    where = _where(cursor, query, below)
    cursor.execute(f"SET LOCAL cursor_tuple_fraction = {FRACTION:f}")
    cursor.execute(
        f"DECLARE {CURSOR} NO SCROLL CURSOR FOR SELECT {select}"
        f" WHERE {where.sql} ORDER BY e.id DESC",
        (*params, *where.params),
    )


def fetched(connection: psycopg.Connection[Any]) -> Iterator[list[Row]]:
    """Yield the rows, newest first by their ids: a small batch at once, then larger ones."""
    cursor = psycopg.Cursor(connection)
    for name in _OIDS:
        cursor.adapters.register_loader(name, ByteaBinaryLoader)
    size = FIRST_BATCH
    while batch := cursor.execute(f"FETCH {size} FROM {CURSOR}", binary=True).fetchall():
        yield batch
        size = BATCH
    connection.execute(f"CLOSE {CURSOR}")


def lowest_id(batch: list[Row]) -> UUID:
    """Return the id beneath which what comes after a batch lies."""
    return UUID(bytes=min(row[ID] for row in batch))


def _in_order(fetched: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Put each instant in order, holding the last one back until it is whole."""
    held: list[Row] = []
    too_large = b""
    for batch in fetched:
        rows = held + batch
        last = _instant(rows[-1])
        start = next((at for at in range(len(rows)) if _instant(rows[at]) == last), 0)
        done, held = rows[:start], rows[start:]
        if last == too_large or len(held) > MOST_IN_ORDER or _size(held) > MOST_HELD_BYTES:
            yield _sorted(done, but=too_large) + held
            too_large, held = last, []
        elif done:
            yield _sorted(done, but=too_large)
    if held:
        yield _sorted(held, but=too_large)


def _sorted(rows: list[Row], *, but: bytes) -> list[Row]:
    instants = [_instant(row) for row in rows]
    if len(set(instants)) == len(rows):
        return rows
    result: list[Row] = []
    for instant, group in groupby(rows, key=_instant):
        several = list(group)
        if instant != but:
            several.sort(key=_handed_in, reverse=True)
        result += several
    return result


def _instant(row: Row) -> bytes:
    instant: bytes = row[ID][:8]
    return instant


def _handed_in(row: Row) -> tuple[bytes, bytes]:
    """Neither number is negative, so their bytes sort as they do."""
    return row[SUBMISSION], row[ORDINAL]


def _size(rows: list[Row]) -> int:
    return sum(len(text) for row in rows for text in row[_TEXTS] if text)


def _where(cursor: psycopg.Cursor[Any], query: EventQuery, below: UUID | None) -> Any:
    highest = query.highest_id
    if below is not None and (highest is None or below < highest):
        highest = below
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, highest)
    return joined([scope_condition(cursor, query), bounds, *indexed, *residual])

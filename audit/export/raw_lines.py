"""Reads events as they are stored: PostgreSQL puts their lines together.

The three texts stand in a line as they are: JSON inside of JSON, byte for byte what was committed
to. As strings the line would cost PostgreSQL three times as much, which is the escaping.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

import psycopg

from audit.query.search.conditions import environment_numbers
from audit.query.search.event_query import EventQuery
from audit.tlog.leaves import PARTS

from .rows import Row, declare, fetched

# The line with its line feed, and the id.
LINE, ID = 0, 1
_FROM = "FROM audit_event e LEFT JOIN audit_position p ON p.submission_id = e.submission_id"


def raw_batches(
    connection: psycopg.Connection,
    query: EventQuery,
    *,
    salts_of: Collection[str],
    below: UUID | None = None,
) -> Iterator[list[Row]]:
    """As `rows.batches`, in the order of the ids alone.

    salts_of: the environments whose events are given with their salts
    """
    numbers = environment_numbers(psycopg.Cursor(connection), query)
    salted = [number for key, number in numbers.items() if key in salts_of]
    keys = [bound for key, number in numbers.items() for bound in (number, key)]
    declare(connection, query, f"{_line(len(numbers), salted)}, e.id {_FROM}", keys, below=below)
    return fetched(connection)


def last_id(batch: list[Row]) -> UUID:
    """Return the id beneath which what comes after a batch lies."""
    return UUID(bytes=batch[-1][ID])


def _line(environments: int, salted: Collection[int]) -> str:
    """Return the expression of a line. environments: how many pairs of number and key are bound"""
    key = f"CASE e.environment{' WHEN %s::int2 THEN %s::text' * environments} END"
    members = [
        f"""'{{"environment":"' || {key if environments else "''"} || '"'""",
        """',"pos":' || coalesce((p.first + e.ordinal)::text, 'null')""",
        """',"id":"' || e.id::text || '"'""",
        *(f"""',"{part}":' || coalesce(e.{part}, 'null')""" for part in PARTS),
        *([_salts(salted)] if salted else []),
        r"E'}\n'",
    ]
    return " || ".join(members)


def _salts(salted: Collection[int]) -> str:
    """Return the expression of the member of salts, which is left out in other environments."""
    each = " || ',' || ".join(
        f"""'"{part}":' || coalesce('"' || encode(e.{part}_salt, 'base64') || '"', 'null')"""
        for part in PARTS
    )
    is_salted = f"e.environment IN ({', '.join(map(str, sorted(salted)))})"
    return f"""CASE WHEN {is_salted} THEN ',"salts":{{' || {each} || '}}' ELSE '' END"""

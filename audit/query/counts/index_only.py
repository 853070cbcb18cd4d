"""Counts the events of a user or an app inside an index, by the hash alone.

A search asks for hash and text, since ids may share a hash, and so has to fetch each event. Whether
any other id has the hash is known from the subjects: where none has, the hash is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg

from audit.facets import FACETS
from audit.log.hashes import text_hash
from audit.log.ids import id_floor
from audit.query.search.conditions import (
    Condition,
    environment_numbers,
    facet_conditions,
    joined,
    scope_condition,
)
from audit.query.search.event_query import EventQuery

from .rollups import FRESH, among_receipts
from .series import Range, Series, Split, count_ranges

# What one of the indexes led by a user or an app holds.
_LED = frozenset({"actor", "application"})
_IDS = ("actor", "application", "workspace")
_INCLUDED = frozenset(
    name
    for name, facet in FACETS.items()
    if facet.index in ("wide", "carried") or facet.kind == "group"
)
_EXCLUDED = _INCLUDED - set(_IDS)
# crc32() of SQL
_SERVER = 180_000


def count_by_hash(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    ranges: Sequence[Range],
    *,
    split: frozenset[Split],
) -> list[Series] | None:
    """Return what `count_ranges` does, or None where that can't be had from one index.

    Counted first, then looked for other ids: what was recorded in between can only make it None.
    """
    if not _is_inside(cursor, query):
        return None
    hashed = {name: query.include[name] for name in _IDS if name in query.include}
    rest = {name: values for name, values in query.include.items() if name not in hashed}
    indexed, residual = facet_conditions(cursor, replace(query, include=rest))
    by_hash = [
        Condition(f"e.{name}_hash IN ({_listed(values)})") for name, values in hashed.items()
    ]
    found = count_ranges(cursor, query, ranges, split=split, facets=[*by_hash, *indexed, *residual])
    if _are_shared_by_uncounted(cursor, query, ranges, hashed) or _are_shared(
        cursor, query, hashed
    ):
        return None
    return found


def _is_inside(cursor: psycopg.Cursor[Any], query: EventQuery) -> bool:
    """Does one index hold all that is asked? A scope of workspaces asks for their texts."""
    included, excluded = frozenset(query.include), frozenset(query.exclude)
    return (
        bool(included & _LED)
        and included <= _INCLUDED
        and excluded <= _EXCLUDED
        and not query.unfaceted
        and all(bound is None for bound in query.scope.grants.values())
        and cursor.connection.info.server_version >= _SERVER
    )


def _are_shared(
    cursor: psycopg.Cursor[Any], query: EventQuery, hashed: dict[str, tuple[str, ...]]
) -> bool:
    """Has any other id that was counted one of these hashes?"""
    environments = sorted(environment_numbers(cursor, query).values())
    ways = [
        Condition(
            f"s.kind = '{name}' AND s.subject_id <> ALL(%s)"
            f" AND crc32(convert_to(s.subject_id, 'UTF8')) IN ({_listed(values, is_signed=False)})",
            (list(values),),
        )
        for name, values in hashed.items()
    ]
    cursor.execute(
        "SELECT "  # noqa: S608 (conditions that bind their values)
        + " OR ".join(
            f"EXISTS (SELECT FROM audit_subject s WHERE s.environment = ANY(%s) AND {way.sql})"
            for way in ways
        ),
        [value for way in ways for value in (environments, *way.params)],
    )
    row = cursor.fetchone()
    return row is not None and row[0]


def _are_shared_by_uncounted(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    ranges: Sequence[Range],
    hashed: dict[str, tuple[str, ...]],
) -> bool:
    """The same of events whose ids are not among the subjects yet."""
    cursor.execute(f"SELECT ARRAY({FRESH})", binary=True)
    row = cursor.fetchone()
    if row is None or not row[0]:
        return False
    ways = " OR ".join(
        f"e.{name}_hash IN ({_listed(values)}) AND e.{name}_id <> ALL(%b)"
        for name, values in hashed.items()
    )
    low, high = id_floor(ranges[0].edges[0]), id_floor(ranges[-1].edges[-1])
    where = joined(
        [
            scope_condition(cursor, query),
            Condition(f"e.id >= '{low}' AND e.id < '{high}'"),
            among_receipts(row[0]),
            Condition(ways, tuple(list(values) for values in hashed.values())),
        ]
    )
    cursor.execute(f"SELECT 1 FROM audit_event e WHERE {where.sql} LIMIT 1", where.params)  # noqa: S608 (conditions that bind their values)
    return cursor.fetchone() is not None


def _listed(values: Sequence[str], *, is_signed: bool = True) -> str:
    """The hashes as SQL: signed as columns hold them, or as `crc32` gives them."""
    hashes = [number for value in values if (number := text_hash(value)) is not None]
    return ", ".join(str(n if is_signed else n % 2**32) for n in hashes)

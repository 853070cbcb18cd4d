"""Registers event types under small numbers, as many as each environment has room for.

Each environment may register MAX_EVENT_TYPES, so that a flood of made-up types in one leaves the
others alone; types of the catalogue are always there. Any further type is recorded under
UNREGISTERED, with its code in `head`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

import psycopg
from django.db import transaction

from audit.conf import audit_settings
from audit.models.event_type import MAX_EVENT_TYPES, MAX_NUMBER, UNREGISTERED
from audit.vocabulary import EVENT_TYPES as CATALOGUE

from .cursor import psycopg_cursor
from .registry import EVENT_TYPES, lock_lookups

# New types of one environment (null: of the catalogue), as many as there is room for. What may
# stand under UNREGISTERED from before is marked: some environment may have been refused it.
_REGISTER = f"""
INSERT INTO audit_eventtype (id, code, environment, is_elsewhere)
SELECT t.highest + row_number() OVER (ORDER BY n.code), n.code, %(environment)s,
    EXISTS (SELECT FROM audit_typeoverflow)
FROM (SELECT max(id) AS highest FROM audit_eventtype) AS t,
    LATERAL (SELECT u.code FROM unnest(%(codes)s::text[]) AS u (code)
        WHERE NOT EXISTS (SELECT FROM audit_eventtype k WHERE k.code = u.code)
        ORDER BY u.code
        LIMIT greatest(0, least({MAX_NUMBER:d} - t.highest, {MAX_EVENT_TYPES:d}
            - (SELECT count(*) FROM audit_eventtype k WHERE k.environment = %(environment)s)))
    ) AS n
ON CONFLICT DO NOTHING
"""  # noqa: S608 (numbers)
_HAS_ROOM = (
    f"SELECT count(*) < {MAX_EVENT_TYPES:d} FROM audit_eventtype WHERE environment = %s"  # noqa: S608 (numbers)
    f" AND EXISTS (SELECT FROM audit_eventtype HAVING max(id) < {MAX_NUMBER:d})"
)


class _Remembered:
    """What this process knows to stay so."""

    def __init__(self) -> None:
        self.full: set[int] = set()
        self.overflowed: set[int] = set()
        self.not_elsewhere: set[str] = set()

    def clear_cache(self) -> None:
        for known in (self.full, self.overflowed, self.not_elsewhere):
            known.clear()


_remembered = _Remembered()
clear_cache = _remembered.clear_cache


def type_numbers(
    cursor: psycopg.Cursor[Any], wanted: Mapping[int, Set[str]], *, using: str
) -> dict[str, int]:
    """Return the number of each event type, registering new ones while there is room.

    wanted: environment → the types of its events
    """
    codes = frozenset[str]().union(*wanted.values())
    numbers = EVENT_TYPES.find(cursor, codes, using=using)
    for environment, own in sorted(wanted.items()):
        if own - numbers.keys():
            numbers |= _register(cursor, environment, own - numbers.keys(), using=using)
    refused = {number for number, own in wanted.items() if own - numbers.keys()}
    if refused:
        numbers |= _note_overflow(cursor, refused, codes - numbers.keys(), using=using)
        other = EVENT_TYPES.find(cursor, (UNREGISTERED,), using=using)[UNREGISTERED]
        numbers |= dict.fromkeys(codes - numbers.keys(), other)
    return numbers


def register_catalogue(*, using: str) -> None:
    """Give each type of the catalogue a number, in a transaction."""
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        _insert(cursor, None, set(CATALOGUE), using=using)


def codes_elsewhere(
    cursor: psycopg.Cursor[Any], codes: Iterable[str], environments: Iterable[int]
) -> Set[str]:
    """Return those of the types whose events may stand under UNREGISTERED in these environments."""
    unsure = set(codes) - _remembered.not_elsewhere - {UNREGISTERED}
    if not unsure:
        return unsure
    cursor.execute(
        "SELECT code FROM audit_eventtype WHERE code = ANY(%s) AND NOT is_elsewhere",
        [sorted(unsure)],
    )
    settled = {row[0] for row in cursor}
    alias = audit_settings().DATABASE
    transaction.on_commit(lambda: _remembered.not_elsewhere.update(settled), using=alias)
    unsure -= settled
    if not unsure:
        return unsure
    cursor.execute(
        "SELECT EXISTS (SELECT FROM audit_typeoverflow WHERE environment = ANY(%s))",
        [list(environments)],
    )
    row = cursor.fetchone()
    return unsure if row is not None and row[0] else frozenset()


def _register(
    cursor: psycopg.Cursor[Any], environment: int, codes: Set[str], *, using: str
) -> Mapping[str, int]:
    """Give new types numbers, those of the catalogue in any case; return what has one then."""
    known = codes & CATALOGUE.keys()
    numbers = dict(_insert(cursor, None, known, using=using)) if known else {}
    others = codes - known
    if others and _has_room(cursor, environment, using=using):
        numbers |= _insert(cursor, environment, others, using=using)
    return numbers


def _insert(
    cursor: psycopg.Cursor[Any], environment: int | None, codes: Set[str], *, using: str
) -> Mapping[str, int]:
    lock_lookups(cursor)
    cursor.execute(_REGISTER, {"environment": environment, "codes": sorted(codes)})
    return EVENT_TYPES.find(cursor, codes, using=using)


def _has_room(cursor: psycopg.Cursor[Any], environment: int, *, using: str) -> bool:
    """May an environment register one more? Asked before the lock, which a flood need not take."""
    if environment in _remembered.full:
        return False
    cursor.execute(_HAS_ROOM, [environment])
    row = cursor.fetchone()
    has_room = row is not None and bool(row[0])
    if not has_room:
        transaction.on_commit(lambda: _remembered.full.add(environment), using=using)
    return has_room


def _note_overflow(
    cursor: psycopg.Cursor[Any], environments: Set[int], codes: Set[str], *, using: str
) -> Mapping[str, int]:
    """Note that these environments have events under UNREGISTERED, the first time.

    Whoever registers a type meanwhile would not know that it has events there: so one waits for the
    other, and what was registered in between is returned.
    """
    new = environments - _remembered.overflowed
    if not new:
        return {}
    cursor.execute(
        "SELECT environment FROM audit_typeoverflow WHERE environment = ANY(%s)", [sorted(new)]
    )
    there = {row[0] for row in cursor}
    numbers: Mapping[str, int] = {}
    if new - there:
        lock_lookups(cursor)
        cursor.execute(
            "INSERT INTO audit_typeoverflow (environment) SELECT unnest(%s::int2[])"
            " ON CONFLICT DO NOTHING",
            [sorted(new - there)],
        )
        numbers = EVENT_TYPES.find(cursor, codes, using=using)
    transaction.on_commit(lambda: _remembered.overflowed.update(new), using=using)
    return numbers

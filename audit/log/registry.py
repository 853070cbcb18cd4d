"""Keeps the small numbers of environments, event types and look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from django.db import transaction

from audit.conf import audit_settings
from audit.errors import UnknownEnvironment

from .generation import note_generation

# The two numbers of the advisory lock of whoever adds a row: "audi", "word".
LOOKUPS_LOCK = (0x61756469, 0x776F7264)
OUTCOME_NUMBERS: Mapping[str, int] = {"success": 1, "failure": 2, "denied": 3}


class LookupTable:
    """One table that numbers texts; what a process has read it keeps.

    Rows are never changed or deleted, so what was read stays true once it is committed, until all
    tables are emptied (`audit.log.generation`).
    """

    def __init__(self, table: str, column: str) -> None:
        self._select = f"SELECT {column}, id FROM {table} WHERE {column} = ANY(%s)"  # noqa: S608 (tables and columns of our own)
        # Not by its sequence, which a conflict or a rollback would draw a number from as well: it
        # ends at 32,767.
        self._insert = (
            f"INSERT INTO {table} (id, {column})"  # noqa: S608 (tables and columns of our own)
            f" SELECT (SELECT coalesce(max(k.id), 0) FROM {table} k)"
            f" + row_number() OVER (ORDER BY u.w), u.w FROM unnest(%s::text[]) AS u (w)"
            f" WHERE NOT EXISTS (SELECT FROM {table} k WHERE k.{column} = u.w)"
            " ON CONFLICT DO NOTHING"
        )
        self._select_back = f"SELECT id, {column} FROM {table} WHERE id = ANY(%s)"  # noqa: S608 (tables and columns of our own)
        self._count = f"SELECT count(*) FROM {table}"  # noqa: S608 (tables of our own)
        self._known: dict[str, int] = {}
        self._texts: dict[int, str] = {}

    def find(
        self, cursor: psycopg.Cursor[Any], texts: Iterable[str], *, using: str | None = None
    ) -> dict[str, int]:
        """Return the numbers of those texts that have one.

        What is read may have been added by this very transaction, a host's own perhaps, so it is
        cached only when that commits. using: of the cursor, if not the audit's database
        """
        wanted = set(texts)
        numbers = {text: self._known[text] for text in wanted if text in self._known}
        missing = sorted(wanted - numbers.keys())
        if missing:
            note_generation(cursor)
            cursor.execute(self._select, [missing])
            numbers |= self._cached(dict(cursor.fetchall()), using=using)
        return numbers

    def find_or_add(
        self,
        cursor: psycopg.Cursor[Any],
        texts: Iterable[str],
        *,
        using: str,
        limit: int | None = None,
    ) -> dict[str, int]:
        """Return the numbers of all texts, adding those that are new (up to `limit` rows)."""
        wanted = set(texts)
        numbers = self.find(cursor, wanted, using=using)
        missing = sorted(wanted - numbers.keys())
        if missing and limit is not None:
            cursor.execute(self._count)
            row = cursor.fetchone()
            missing = missing[: max(0, limit - (row[0] if row else 0))]
        if missing:
            lock_lookups(cursor)
            cursor.execute(self._insert, [missing])
            cursor.execute(self._select, [missing])
            numbers |= self._cached(dict(cursor.fetchall()), using=using)
        return numbers

    def _cached(self, found: dict[str, int], *, using: str | None) -> dict[str, int]:
        if found:
            alias = using or audit_settings().DATABASE
            transaction.on_commit(lambda: self._known.update(found), using=alias)
        return found

    def texts_of(self, cursor: psycopg.Cursor[Any], numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of these numbers, cached as in `find`."""
        wanted = set(numbers)
        texts = {number: self._texts[number] for number in wanted if number in self._texts}
        missing = sorted(wanted - texts.keys())
        if missing:
            note_generation(cursor)
            cursor.execute(self._select_back, [missing])
            found = dict(cursor.fetchall())
            alias = audit_settings().DATABASE
            transaction.on_commit(lambda: self._texts.update(found), using=alias)
            texts |= found
        return texts

    def clear_cache(self) -> None:
        """Empty the cache."""
        self._known.clear()
        self._texts.clear()


def lock_lookups(cursor: psycopg.Cursor[Any]) -> None:
    """Let one transaction at a time add rows: two would give the same number."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOOKUPS_LOCK)


ENVIRONMENTS = LookupTable("audit_environment", "key")
EVENT_TYPES = LookupTable("audit_eventtype", "code")
BROWSERS = LookupTable("audit_browser", "name")
OPERATING_SYSTEMS = LookupTable("audit_operatingsystem", "name")
DEVICE_CLASSES = LookupTable("audit_deviceclass", "name")
COUNTRIES = LookupTable("audit_country", "name")
# column of an event → what its numbers stand for
LOOKUP_TABLES: Mapping[str, LookupTable] = {
    "environment": ENVIRONMENTS,
    "type": EVENT_TYPES,
    "browser": BROWSERS,
    "operating_system": OPERATING_SYSTEMS,
    "device_class": DEVICE_CLASSES,
    "country": COUNTRIES,
}


def environment_number(cursor: psycopg.Cursor[Any], key: str) -> int:
    """Return the number of an environment's log. Raises UnknownEnvironment."""
    numbers = ENVIRONMENTS.find(cursor, (key,))
    if key not in numbers:
        raise UnknownEnvironment(
            f"No log is kept for an environment {key!r}: make it known first, with"
            f" audit.record.ensure_environment({key!r})."
        )
    return numbers[key]

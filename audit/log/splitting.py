"""Gives months partitions of their own, taken out of the one that holds all that is older."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from django.db import connections, transaction

from audit.errors import Busy

from .cursor import psycopg_cursor

# The two numbers of the advisory lock of whoever splits: "audi", "spli".
SPLIT_LOCK = (0x61756469, 0x73706C69)
# So few rows are copied while nobody reads or records.
FEW_ROWS = 1_000
MOST_LEAVES = 120
MOST_ROUNDS = 8
TRIES = 30
PAUSE_SECONDS = 2.0


def split_before(month: date, *, using: str) -> bool:
    """Give each month from this one to the first partitions of its own, if it has none.

    Returns whether there was something to split. What "before" holds is copied while it is read
    and written, and what was written meanwhile copied after; then the copies take its place, for
    which the log is locked for a moment. Needs room for what "before" takes. Raises Busy where the
    log can't be had for a minute: somebody reads it all the time.
    """
    cursor = psycopg_cursor(using)
    with _alone(cursor, using=using):
        steps = _steps(cursor, month)
        for step in steps:
            cursor.execute("SELECT audit_begin_split(%s)", [step])
            row = cursor.fetchone()
            if row is not None and row[0] is not None:
                _replace(cursor, row[0], using=using)
    return bool(steps)


def _steps(cursor: psycopg.Cursor[Any], month: date) -> Sequence[date]:
    """Return the months to split at, one after the other, the newest first. A transaction locks
    each table and index that it makes, and the server has room for some thousand locks.
    """
    cursor.execute("SELECT min(m), (SELECT count(*) FROM audit_environment) FROM audit_months() m")
    row = cursor.fetchone()
    if row is None or row[0] is None:
        return []
    first, environments = row
    count = max(MOST_LEAVES // environments, 1)
    steps = []
    while first > month:
        number = max(first.year * 12 + first.month - 1 - count, month.year * 12 + month.month - 1)
        first = date(number // 12, number % 12 + 1, 1)
        steps.append(first)
    return steps


@contextmanager
def _alone(cursor: psycopg.Cursor[Any], *, using: str) -> Iterator[None]:
    """Hold the lock of whoever splits; in a caller's transaction until that ends."""
    if connections[using].in_atomic_block:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", SPLIT_LOCK)
        yield
        return
    cursor.execute("SELECT pg_advisory_lock(%s, %s)", SPLIT_LOCK)
    try:
        yield
    finally:
        if not cursor.connection.broken:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", SPLIT_LOCK)


def _replace(cursor: psycopg.Cursor[Any], since: str, *, using: str) -> None:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        # Within one transaction nothing comes between.
        for _ in range(0 if connections[using].in_atomic_block else MOST_ROUNDS):
            cursor.execute("SELECT since, copied FROM audit_follow_split(%s)", [since])
            row = cursor.fetchone()
            assert row is not None  # a function's one row
            since, copied = row
            if copied < FEW_ROWS:
                break
        try:
            with transaction.atomic(using=using):
                cursor.execute("SELECT audit_end_split(%s)", [since])
        except psycopg.errors.LockNotAvailable:
            continue
        return
    cursor.execute("SELECT audit_drop_split()")
    raise Busy("Others read or write the log all the time; its months are split once they let go.")

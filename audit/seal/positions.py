"""Gives each receipt its positions; this is the order of the log, and never changes."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import transaction

from audit.errors import AuditError
from audit.log.cursor import psycopg_cursor
from audit.roles import SEALER, acting_as

MAX_SUBMISSIONS = 5_000


class LogMoved(AuditError):
    """Somebody else gave positions at the same time; nothing was written."""


def give_positions(environment: int, *, using: str) -> int:
    """Give the pending receipts of an environment their positions, oldest id first.

    Returns how many receipts; at most MAX_SUBMISSIONS a call. The row of the log head is locked,
    so that positions are given by one at a time and without a gap. Raises LogMoved.
    """
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, SEALER):
            return _give(cursor, environment)


def _give(cursor: psycopg.Cursor[Any], environment: int) -> int:
    size = _lock_head(cursor, environment)
    cursor.execute(
        "SELECT w.submission_id, cardinality(s.event_ids) FROM audit_pending w"
        " JOIN audit_submission s ON s.id = w.submission_id"
        " WHERE w.environment = %s ORDER BY w.submission_id LIMIT %s",
        [environment, MAX_SUBMISSIONS],
    )
    waiting = cursor.fetchall()
    if not waiting:
        return 0
    firsts, end = [], size
    for _, count in waiting:
        firsts.append(end)
        end += count
    submissions = [submission for submission, _ in waiting]
    cursor.execute(
        "INSERT INTO audit_position (submission_id, environment, first, count)"
        " SELECT u.submission_id, %s, u.first, u.count"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::int[])"
        " AS u (submission_id, first, count)",
        [environment, submissions, firsts, [count for _, count in waiting]],
    )
    cursor.execute("DELETE FROM audit_pending WHERE submission_id = ANY(%s)", [submissions])
    cursor.execute(
        "UPDATE audit_loghead SET size = %s WHERE environment = %s AND size = %s",
        [end, environment, size],
    )
    if cursor.rowcount != 1:
        raise LogMoved(f"The log of environment {environment} is no longer at {size}.")
    return len(waiting)


def pending_environments(cursor: psycopg.Cursor[Any]) -> list[int]:
    """Return the environments that have receipts without positions."""
    cursor.execute("SELECT DISTINCT environment FROM audit_pending ORDER BY environment")
    return [row[0] for row in cursor]


def _lock_head(cursor: psycopg.Cursor[Any], environment: int) -> int:
    cursor.execute(
        "INSERT INTO audit_loghead (environment, size, tree_size, frontier, epoch)"
        " VALUES (%s, 0, 0, '{}', 1) ON CONFLICT DO NOTHING",
        [environment],
    )
    cursor.execute(
        "SELECT size FROM audit_loghead WHERE environment = %s FOR UPDATE", [environment]
    )
    row = cursor.fetchone()
    assert row is not None  # inserted above if it was not there
    return int(row[0])

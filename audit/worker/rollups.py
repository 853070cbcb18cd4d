"""How are events counted by hour and day? In the order of positions, each once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from audit.conf import SYSTEM_ENVIRONMENT, audit_settings
from audit.record.occurrences import note_occurrences
from audit.record.store import own_cursor
from audit.roles import WORKER, acting_as

from .subject_counts import count_subjects, note_sightings
from .subjects import note_subjects

MAX_EVENTS = 20_000
MAX_SUBMISSIONS = 2_000
_ADD = (
    " DO UPDATE SET total = r.total + excluded.total, success = r.success + excluded.success,"
    " failure = r.failure + excluded.failure, denied = r.denied + excluded.denied"
)
_COUNTS = (
    "count(*), count(*) FILTER (WHERE e.outcome = 1), count(*) FILTER (WHERE e.outcome = 2),"
    " count(*) FILTER (WHERE e.outcome = 3)"
)


def count_positions(*, using: str) -> int:
    """Count the next events of every environment into the rollups, and note their subjects.

    Returns how many events. Each environment's progress moves in the transaction that counts.
    """
    cursor = own_cursor(using)
    cursor.execute(
        "SELECT h.environment, en.key FROM audit_loghead h"
        " JOIN audit_environment en ON en.id = h.environment"
        " LEFT JOIN audit_rolluphead r ON r.environment = h.environment"
        " WHERE h.size > coalesce(r.position, 0) OR r.time_zone <> %s ORDER BY h.environment",
        [audit_settings().TIME_ZONE],
    )
    return sum(
        _count_environment(number, is_system=key == SYSTEM_ENVIRONMENT, using=using)
        for number, key in cursor.fetchall()
    )


def _count_environment(environment: int, *, is_system: bool, using: str) -> int:
    zone = audit_settings().TIME_ZONE
    with transaction.atomic(using=using):
        cursor = own_cursor(using)
        with acting_as(cursor, WORKER):
            return _count(cursor, environment, zone=zone, is_system=is_system)


def _count(cursor: psycopg.Cursor[Any], environment: int, *, zone: str, is_system: bool) -> int:
    start = _lock_progress(cursor, environment, zone)
    ids, end = _next_events(cursor, environment, start)
    if not ids:
        return 0
    bounds = f"e.environment = {environment:d} AND e.id BETWEEN '{min(ids)}' AND '{max(ids)}'"
    _count_hours(cursor, bounds, ids)
    _count_days(cursor, bounds, ids, zone, is_system)
    count_subjects(cursor, bounds, ids, zone)
    note_sightings(cursor, bounds, ids)
    note_subjects(cursor, environment, bounds, ids)
    note_occurrences(cursor, bounds, ids)
    cursor.execute(
        "UPDATE audit_rolluphead SET position = %s WHERE environment = %s", [end, environment]
    )
    return len(ids)


def _lock_progress(cursor: psycopg.Cursor[Any], environment: int, zone: str) -> int:
    """Return the first position that is not counted; a change of zone counts all again."""
    cursor.execute(
        "INSERT INTO audit_rolluphead (environment, position, time_zone) VALUES (%s, 0, %s)"
        " ON CONFLICT DO NOTHING",
        [environment, zone],
    )
    cursor.execute("SELECT 1 FROM audit_rolluphead WHERE time_zone <> %s", [zone])
    if cursor.fetchone():
        cursor.execute("DELETE FROM audit_rolluphour")
        cursor.execute("DELETE FROM audit_rollupday")
        cursor.execute("DELETE FROM audit_subjectcount")
        cursor.execute("UPDATE audit_rolluphead SET position = 0, time_zone = %s", [zone])
    cursor.execute(
        "SELECT position FROM audit_rolluphead WHERE environment = %s FOR UPDATE", [environment]
    )
    row = cursor.fetchone()
    assert row is not None  # inserted above if it was not there
    return int(row[0])


def _next_events(
    cursor: psycopg.Cursor[Any], environment: int, start: int
) -> tuple[list[UUID], int]:
    """Return the ids of the next receipts' events, and the position after them."""
    cursor.execute(
        "SELECT s.event_ids, p.first + p.count FROM audit_position p"
        " JOIN audit_submission s ON s.id = p.submission_id"
        " WHERE p.environment = %s AND p.first >= %s ORDER BY p.first LIMIT %s",
        [environment, start, MAX_SUBMISSIONS],
        binary=True,
    )
    ids: list[UUID] = []
    end = start
    for event_ids, after in cursor:
        ids += event_ids
        end = after
        if len(ids) >= MAX_EVENTS:
            break
    return ids, end


def _count_hours(cursor: psycopg.Cursor[Any], bounds: str, ids: list[UUID]) -> None:
    cursor.execute(
        "INSERT INTO audit_rolluphour AS r"
        " (environment, hour, workspace_id, type, total, success, failure, denied)"
        " SELECT e.environment, date_trunc('hour', audit_id_time(e.id), 'UTC'),"
        f" coalesce(e.workspace_id, ''), e.type, {_COUNTS}"
        f" FROM audit_event e WHERE {bounds} AND e.id = ANY(%b) GROUP BY 1, 2, 3, 4"
        f" ON CONFLICT (environment, hour, workspace_id, type){_ADD}",
        [ids],
    )


def _count_days(
    cursor: psycopg.Cursor[Any], bounds: str, ids: list[UUID], zone: str, is_system: bool
) -> None:
    """The lattice: each event counts for its environment and for all, its workspace and all."""
    environments = "(false)" if is_system else "(false), (true)"
    cursor.execute(
        "INSERT INTO audit_rollupday AS r (environment, day, all_workspaces, workspace_id, type,"
        " total, success, failure, denied)"
        " SELECT CASE WHEN a.environments THEN 0 ELSE e.environment END,"
        " (audit_id_time(e.id) AT TIME ZONE %s)::date, b.workspaces,"
        f" CASE WHEN b.workspaces THEN '' ELSE coalesce(e.workspace_id, '') END, e.type, {_COUNTS}"
        f" FROM audit_event e CROSS JOIN (VALUES {environments}) AS a (environments)"
        " CROSS JOIN (VALUES (false), (true)) AS b (workspaces)"
        f" WHERE {bounds} AND e.id = ANY(%b) GROUP BY 1, 2, 3, 4, 5"
        f" ON CONFLICT (environment, day, all_workspaces, workspace_id, type){_ADD}",
        [zone, ids],
    )

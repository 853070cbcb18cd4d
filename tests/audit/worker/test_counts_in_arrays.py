"""What was counted before counts lay in arrays is taken over, and goes back."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlparse
from django.db import connection

import audit.migrations
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events

from .events import NOW, record, rows, work

pytestmark = pytest.mark.django_db
SQL = Path(audit.migrations.__file__).with_name("sql")
ROLLUPS = (
    "SELECT environment, all_workspaces, workspace_id, day, cells, totals FROM audit_rolluphour",
    "SELECT environment, all_workspaces, workspace_id, day, cells, totals FROM audit_rollupday",
)
DAYS_OF_SUBJECTS = (
    "SELECT environment, kind, month, subject_id, workspace_id, cell >> 17, max(sum)"
    " FROM audit_subjectcount, unnest(cells, sums) AS u (cell, sum) GROUP BY 1, 2, 3, 4, 5, 6"
)
# By row: what a lattice of sums has, straight from the events
OLD_HOURS = (
    "SELECT environment, workspace_id, type, total, success, failure, denied, hour"
    " FROM audit_rolluphour"
)
OLD_DAYS = (
    "SELECT environment, workspace_id, type, total, success, failure, denied, day, all_workspaces"
    " FROM audit_rollupday"
)
COUNTED = (
    "count(*), count(*) FILTER (WHERE e.outcome = 1), count(*) FILTER (WHERE e.outcome = 2),"
    " count(*) FILTER (WHERE e.outcome = 3)"
)


def run(name: str) -> None:
    with connection.cursor() as cursor:
        for statement in sqlparse.split((SQL / name).read_text()):
            cursor.execute(statement)


def counts() -> list[Any]:
    return [rows(statement) for statement in (*ROLLUPS, DAYS_OF_SUBJECTS)]


def test_counts_go_to_rows_and_back() -> None:
    random = Random(1)
    record(random, 60)
    ensure_environment(SYSTEM_ENVIRONMENT)
    record_events(
        [SubmittedEvent(type="AUDIT_X", time=NOW.isoformat())],
        origin=Origin(environment=SYSTEM_ENVIRONMENT, sender_id=1),
        received_at=NOW,
    )
    work()
    before = counts()
    assert all(before)
    run("counts_in_arrays_reversed.sql")
    assert rows(OLD_HOURS) == rows(
        f"SELECT e.environment, coalesce(e.workspace_id, ''), e.type, {COUNTED},"  # noqa: S608 (a constant)
        " date_trunc('hour', audit_id_time(e.id), 'UTC') FROM audit_event e GROUP BY 1, 2, 3, 8"
    )
    assert rows(OLD_DAYS) == rows(
        "SELECT CASE WHEN a.every THEN 0 ELSE e.environment END,"  # noqa: S608 (a constant)
        f" CASE WHEN b.every THEN '' ELSE coalesce(e.workspace_id, '') END, e.type, {COUNTED},"
        " (audit_id_time(e.id) AT TIME ZONE 'UTC')::date, b.every FROM audit_event e"
        " JOIN audit_environment n ON n.id = e.environment,"
        " (VALUES (false), (true)) AS a (every), (VALUES (false), (true)) AS b (every)"
        " WHERE NOT a.every OR n.key <> %s GROUP BY 1, 2, 3, 8, 9",
        SYSTEM_ENVIRONMENT,
    )
    run("counts_in_arrays.sql")
    assert counts() == before

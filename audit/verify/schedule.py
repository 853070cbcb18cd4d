"""Verifies by itself: what came lately each hour, and every event again within a week.

The whole log is read at a steady pace, a step at a time: a row of the table `Verification` tells
where a round goes on, so that one which is ended costs a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import transaction

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.one_at_a_time import alone
from audit.log.statements import statement
from audit.roles import SEALER, WORKER, acting_as
from audit.seal.alarms import EVIDENCE, raise_alarm
from audit.seal.receipt_times import first_position_since

from .findings import Finding
from .log import Log, read_log, verify_span
from .outside import find_outside

RECENT, WHOLE = "recent", "whole"
RECENT_EVERY = timedelta(hours=1)
# Of what came since then; each is so looked at twice.
RECENT_SPAN = timedelta(hours=2)
# A small log is read faster than its week would take, and again a day later.
LEAST_A_SECOND = 200
LEAST_ROUND = timedelta(days=1)
STEP = 20_000
MOST_ALARMS = 100
# The two numbers of the advisory lock of whoever verifies by schedule: "audi", "veri".
VERIFY_LOCK = (0x61756469, 0x76657269)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    position: int
    size: int
    events: int
    findings: int
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Did the round that began last come to its end?"""
        return bool(self.started_at and self.finished_at and self.finished_at >= self.started_at)


def is_due(*, using: str, now: datetime) -> bool:
    """Is something to be verified now?"""
    cursor = psycopg_cursor(using)
    return any(_due(cursor, log, now) for log in _logs(cursor))


def verify_due(*, using: str, now: datetime, is_stopping: Callable[[], bool]) -> int:
    """Verify what is due, and raise alarms for what is found; return how many events.

    Where another process is at it already, there is nothing to do.
    """
    cursor = psycopg_cursor(using)
    count = 0
    with alone(cursor, VERIFY_LOCK) as is_ours:
        for log in _logs(cursor) if is_ours else ():
            for kind in _due(cursor, log, now):
                if is_stopping():
                    return count
                count += _verify(log, kind, using=using, now=now)
    return count


def _logs(cursor: psycopg.Cursor[Any]) -> Iterator[Log]:
    cursor.execute(
        "SELECT e.key FROM audit_loghead h JOIN audit_environment e ON e.id = h.environment"
        " WHERE h.size > 0 ORDER BY h.environment"
    )
    for (key,) in cursor.fetchall():
        if (log := read_log(cursor, key)) is not None:
            yield log


def _due(cursor: psycopg.Cursor[Any], log: Log, now: datetime) -> list[str]:
    recent, whole = (_round(cursor, log, kind) for kind in (RECENT, WHOLE))
    due = []
    if recent.started_at is None or now - recent.started_at >= RECENT_EVERY:
        due.append(RECENT)
    if _is_whole_due(whole, now):
        due.append(WHOLE)
    return due


def _is_whole_due(whole: _Round, now: datetime) -> bool:
    if whole.started_at is None:
        return True
    if whole.is_over:
        return now - whole.started_at >= LEAST_ROUND
    elapsed = now - whole.started_at
    week = timedelta(days=audit_settings().VERIFY_WITHIN_DAYS)
    # A day of the week is left for what stands still now and then.
    share = elapsed / (week * 6 / 7)
    reached = max(whole.size * share, elapsed.total_seconds() * LEAST_A_SECOND)
    return whole.position < reached


def _verify(log: Log, kind: str, *, using: str, now: datetime) -> int:
    cursor = psycopg_cursor(using)
    found: list[Finding] = []
    if kind == RECENT:
        start, end = first_position_since(cursor, log.environment, now - RECENT_SPAN), log.size
        is_new = True
    else:
        before = _round(cursor, log, WHOLE)
        is_new = before.started_at is None or before.is_over
        start = 0 if is_new else before.position
        end = min(start + STEP, log.size)
    count = verify_span(cursor, log, start, end, report=found.append)
    is_last = end >= log.size
    if kind == WHOLE and is_last:
        find_outside(cursor, log, report=found.append)
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        _raise_alarms(cursor, log, found, now)
        with acting_as(cursor, WORKER):
            _note(cursor, log, kind, end, count, len(found), is_new, is_last, now)
    return count


def _raise_alarms(
    cursor: psycopg.Cursor[Any], log: Log, found: list[Finding], now: datetime
) -> None:
    with acting_as(cursor, SEALER):
        for finding in found[:MOST_ALARMS]:
            raise_alarm(cursor, EVIDENCE, str(finding), environment=log.environment, now=now)


def _round(cursor: psycopg.Cursor[Any], log: Log, kind: str) -> _Round:
    cursor.execute(
        "SELECT position, size, events, findings, started_at, finished_at"
        " FROM audit_verification WHERE environment = %s AND kind = %s",
        [log.environment, kind],
    )
    row = cursor.fetchone() or (0, 0, 0, 0, None, None)
    return _Round(
        position=row[0],
        size=row[1],
        events=row[2],
        findings=row[3],
        started_at=row[4],
        finished_at=row[5],
    )


def _note(
    cursor: psycopg.Cursor[Any],
    log: Log,
    kind: str,
    position: int,
    count: int,
    findings: int,
    is_new: bool,
    is_last: bool,
    now: datetime,
) -> None:
    cursor.execute(
        statement("verify", "note_round"),
        {
            "environment": log.environment,
            "kind": kind,
            "position": position,
            "size": log.size,
            "events": count,
            "findings": findings,
            "is_new": is_new,
            "now": now,
        },
    )
    if is_last:
        cursor.execute(
            "UPDATE audit_verification SET finished_at = %s, last_events = events,"
            " last_findings = findings WHERE environment = %s AND kind = %s",
            [now, log.environment, kind],
        )

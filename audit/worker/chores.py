"""Makes partitions ahead, deletes what has expired, and thins old checkpoints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
from django.db import transaction
from django.utils import timezone

from audit.export.making import expire_exports
from audit.log.cursor import psycopg_cursor
from audit.roles import WORKER, acting_as

REJECTED_DAYS = 30
IDEMPOTENCY_HOURS = 24
MONTHS_AHEAD = timedelta(days=62)


def do_chores(*, using: str) -> None:
    """Do what is due; each chore is a transaction of its own."""
    for chore in (_make_partitions, _expire, _thin_checkpoints):
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, WORKER):
                chore(cursor)
    expire_exports(using=using, now=timezone.now())


def _make_partitions(cursor: psycopg.Cursor[Any]) -> None:
    ahead = (timezone.now() + MONTHS_AHEAD).date().replace(day=1)
    cursor.execute("SELECT audit_make_partition(%s)", [ahead])


def _expire(cursor: psycopg.Cursor[Any]) -> None:
    now = timezone.now()
    cursor.execute(
        "DELETE FROM audit_rejected WHERE received_at < %s", [now - timedelta(days=REJECTED_DAYS)]
    )
    cursor.execute("DELETE FROM audit_rate WHERE due < %s", [now])
    cursor.execute(
        "DELETE FROM audit_rejectedcount WHERE day < %s",
        [(now - timedelta(days=REJECTED_DAYS)).date()],
    )
    cursor.execute(
        "DELETE FROM audit_idempotency WHERE created_at < %s",
        [now - timedelta(hours=IDEMPOTENCY_HOURS)],
    )


def _thin_checkpoints(cursor: psycopg.Cursor[Any]) -> None:
    """Which ones go is not ours to say: no role may delete one but by this function."""
    cursor.execute("SELECT audit_thin_checkpoints()")

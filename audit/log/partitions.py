"""Registers environments and makes the partitions of their months."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django.db import connections, transaction

from audit.conf import audit_settings
from audit.errors import UnknownEnvironment

from .splitting import split_before

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def ensure_environment(key: str) -> None:
    """Register an environment's log and make its partitions, if it isn't there.

    key: 1 to 63 lower-case letters, digits and hyphens. Raises UnknownEnvironment for another.
    """
    if not _KEY.fullmatch(key):
        raise UnknownEnvironment(
            f"{key!r} can't be an environment's key: use lower-case letters, digits and hyphens, "
            "at most 63, starting with a letter or digit."
        )
    using = audit_settings().DATABASE
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_environment (key) SELECT %s WHERE NOT EXISTS"
            " (SELECT FROM audit_environment WHERE key = %s) ON CONFLICT DO NOTHING",
            [key, key],
        )
        cursor.execute("SELECT audit_make_partition()")


def insert_first_rows(*, using: str) -> bool:
    """Insert the rows that the log needs, where they are missing.

    Returns whether the log is there at all: not in a host's other databases.
    """
    if connections[using].vendor != "postgresql":
        return False
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('audit_begin()')")
        row = cursor.fetchone()
        is_there = row is not None and row[0] is not None
        if is_there:
            cursor.execute("SELECT audit_begin()")
    return is_there


def make_month(month: date) -> None:
    """Make the partitions of a month, and of those between it and the last one."""
    using = audit_settings().DATABASE
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT audit_make_partition(%s)", [month.replace(day=1)])


def prepare_months(start: date, end: date) -> None:
    """Give every month from `start` to `end` (both included) partitions of its own.

    For an import of old events: they would otherwise share the one partition that holds
    everything before the first month. Needs the owner's login, or the worker's. Raises Busy where
    others hold the log all the time.
    """
    using = audit_settings().OWNER_DATABASE
    split_before(start.replace(day=1), using=using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT audit_make_partition(%s)", [end.replace(day=1)])


def month_of(moment: datetime) -> date:
    """Return the first day of the month, in UTC, that an instant lies in."""
    return moment.astimezone(UTC).date().replace(day=1)

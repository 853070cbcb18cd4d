"""Raises and clears alarms: what is wrong with the log is told until somebody looked into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from audit.contracts import INSTALLATION, Ability

BROKEN_LOG = "broken-log"
SIGNING_KEY = "signing-key"
EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlarm:
    """environment: its key, or None where it is the installation's"""

    id: int
    kind: str
    environment: str | None
    message: str
    raised_at: datetime

    @property
    def to_see(self) -> tuple[Ability, str]:
        """Who sees it? The installation's own tell of its files."""
        if self.environment is None:
            return "alarms", INSTALLATION
        return "log", self.environment

    @property
    def to_clear(self) -> tuple[Ability, str]:
        """Who may clear it, of those who see it?"""
        return "alarms", INSTALLATION if self.environment is None else self.environment


def raise_alarm(
    cursor: psycopg.Cursor[Any],
    kind: str,
    message: str,
    *,
    environment: int | None = None,
    now: datetime,
) -> bool:
    """Raise an alarm, once until it is cleared. Returns whether it is a new one."""
    cursor.execute(
        "INSERT INTO audit_alarm (kind, environment, message, raised_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [kind, environment, message, now],
    )
    return cursor.rowcount == 1


def clear_alarms(
    cursor: psycopg.Cursor[Any], kind: str, *, by: str, now: datetime, but: str | None = None
) -> None:
    """Clear what is raised of a kind. but: a message that still holds"""
    cursor.execute(
        "UPDATE audit_alarm SET cleared_at = %s, cleared_by = %s"
        " WHERE kind = %s AND cleared_at IS NULL AND message IS DISTINCT FROM %s",
        [now, by, kind, but],
    )


def told_alarms(cursor: psycopg.Cursor[Any], kind: str) -> list[str]:
    """Return the messages of a kind's alarms that nobody cleared, oldest first."""
    cursor.execute(
        "SELECT message FROM audit_alarm WHERE kind = %s AND cleared_at IS NULL ORDER BY id", [kind]
    )
    return [message for (message,) in cursor]


def open_alarms(cursor: psycopg.Cursor[Any]) -> Sequence[OpenAlarm]:
    """Return the alarms that nobody cleared, oldest first."""
    cursor.execute(
        "SELECT a.id, a.kind, e.key, a.message, a.raised_at FROM audit_alarm a"
        " LEFT JOIN audit_environment e ON e.id = a.environment"
        " WHERE a.cleared_at IS NULL ORDER BY a.id"
    )
    return [
        OpenAlarm(id=id_, kind=kind, environment=key, message=message, raised_at=raised_at)
        for id_, kind, key, message, raised_at in cursor
    ]

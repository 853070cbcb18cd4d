"""Clears an alarm that a person has looked into, and records in the log who did, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT
from audit.errors import AuditError
from audit.log.cursor import psycopg_cursor
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor, Context

from .alarms import OpenAlarm

CLEARED = "AUDIT_ALARM_CLEARED"


class AlarmNotOpen(AuditError):
    """Somebody else has cleared it in the meantime."""


def clear_alarm(
    alarm: OpenAlarm, *, user: Any, reason: str, address: str | None, now: datetime
) -> None:
    """Clear an alarm, in one transaction with the event of it in the environment's own log (or the
    installation's). address: the user's.

    Raises AlarmNotOpen, NotRecorded, EventsRefused: then it stays as it is.
    """
    event = SubmittedEvent(
        id=f"alarm-cleared-{alarm.id}",
        type=CLEARED,
        actor=Actor(id=str(user.pk), name=user.get_username(), type="user"),
        context=Context(ip=address) if address else None,
        details={
            "alarm": alarm.id,
            "kind": alarm.kind,
            "message": alarm.message,
            "reason": reason,
        },
    )
    using = audit_settings().DATABASE
    with transaction.atomic(using=using):
        receipt = record_events(
            [event],
            origin=Origin(environment=alarm.environment or SYSTEM_ENVIRONMENT),
            received_at=now,
            on_rejection="raise",
        )
        cursor = psycopg_cursor(using)
        cursor.execute(
            "SELECT audit_clear_alarm(%s, %s, %s)", [alarm.id, receipt.verdicts[0].id, now]
        )
        if cursor.fetchone() != (True,):
            raise AlarmNotOpen("The alarm is no longer open.")

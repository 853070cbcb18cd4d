"""Records in every log that another key signs it: whoever reads one log finds it there."""

from __future__ import annotations

from datetime import datetime

from audit.conf import audit_settings
from audit.errors import AuditError
from audit.log.cursor import psycopg_cursor
from audit.log.times import format_time
from audit.record import Origin, SubmittedEvent, record_events

from .log_keys import list_keys

ROTATED = "AUDIT_KEY_ROTATED"


class NothingToAnnounce(AuditError):
    """The log has had one key only."""


def announce_rotation(*, now: datetime) -> int:
    """Record the newest rotation in the log of every environment, each once however often this is
    called. Returns in how many logs it stands. Raises NothingToAnnounce, NotRecorded.
    """
    cursor = psycopg_cursor(audit_settings().DATABASE)
    keys = list_keys(cursor)
    if len(keys) < 2:
        raise NothingToAnnounce("The log has had one key only: there is nothing to announce.")
    new, old = keys[0], keys[1]
    cursor.execute("SELECT key FROM audit_environment ORDER BY id")
    environments = [row[0] for row in cursor]
    event = SubmittedEvent(
        id=f"key-rotated-{new.public.hex()}",
        type=ROTATED,
        time=format_time(new.made_at),
        details={"old_key": old.public.hex(), "new_key": new.public.hex()},
    )
    for environment in environments:
        record_events(
            [event],
            origin=Origin(environment=environment),
            received_at=now,
            on_rejection="raise",
            on_conflict="raise",
        )
    return len(environments)

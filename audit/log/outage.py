"""Names the outage behind a database error, for the operator and for the sender."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from enum import Enum

import psycopg
from django.db import DatabaseError

from audit.errors import NotRecorded

logger = logging.getLogger(__name__)


class Outage(Enum):
    """The reason as a program reads it, and as a person does. None of them is the caller's fault,
    and each may pass: the same request can be sent again.
    """

    DISK_FULL = "disk-full", "The disk of the database is full."
    TOO_MANY_CONNECTIONS = (
        "too-many-connections",
        "The database takes no more connections now (max_connections, or a limit of the login's).",
    )
    READ_ONLY = "database-read-only", "The database can be read only: it is a standby, or made so."
    BUSY = "database-busy", "The database could not do this in time; it is busy."
    AWAY = "database-away", "The database can't be reached."

    def __init__(self, reason: str, sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence


# A table, column or function that isn't there (class 42 of SQLSTATE).
_LACKING = frozenset({"42P01", "42703", "42883"})
# By the beginning of the SQLSTATE; of several the first.
_STATES = (
    ("53100", Outage.DISK_FULL),
    ("53300", Outage.TOO_MANY_CONNECTIONS),
    ("25006", Outage.READ_ONLY),
    ("57P", Outage.AWAY),
    ("08", Outage.AWAY),
    ("53", Outage.BUSY),
    ("55P03", Outage.BUSY),
    ("57014", Outage.BUSY),
    ("40", Outage.BUSY),
)
# A refused connection has no SQLSTATE in psycopg: the server's words, where they are in English.
# "sorry, too many clients already", "remaining connection slots are reserved for roles with …",
# 'too many connections for role "sightline_web"', … for database
_REFUSED = ("too many clients", "connection slots are reserved", "too many connections for")


def outage_of(error: BaseException) -> Outage | None:
    """Return the outage behind an error, or None where the error is of another kind."""
    for one in _with_causes(error):
        if not isinstance(one, psycopg.Error | DatabaseError):
            continue
        state = getattr(one, "sqlstate", None)
        if state is not None:
            return next((outage for start, outage in _STATES if state.startswith(start)), None)
        if isinstance(one, psycopg.OperationalError | psycopg.InterfaceError):
            is_refused = any(words in str(one) for words in _REFUSED)
            return Outage.TOO_MANY_CONNECTIONS if is_refused else Outage.AWAY
    return None


def trouble_of(error: BaseException) -> str:
    """Return what is wrong with the database in a sentence, for the log of who tries again."""
    outage = outage_of(error)
    if outage is not None:
        return outage.sentence
    if any(getattr(one, "sqlstate", None) in _LACKING for one in _with_causes(error)):
        return "The database's tables are of another version than this code: the start migrates it."
    first_line = str(error).partition("\n")[0]
    return f"The database did not do it ({type(error).__name__}: {first_line})."


def as_not_recorded(error: BaseException) -> NotRecorded:
    """Return the NotRecorded that a caller gets for a database error; an unknown one is logged."""
    outage = outage_of(error)
    if outage is not None:
        return NotRecorded(f"{outage.sentence} Nothing was recorded.", reason=outage.reason)
    logger.error("The database did not take events.", exc_info=error)
    return NotRecorded("The database did not take the events; the server's log says why.")


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """Django's errors have psycopg's as their causes."""
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__

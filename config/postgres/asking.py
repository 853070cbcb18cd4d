"""Asks a server for its state: more than whether it lets one in."""

from __future__ import annotations

from enum import Enum

import psycopg


class Answer(Enum):
    """The value says how the server is, after its name.

    REFUSES: it serves, but not us (too many are in, or the password was changed)
    STARTS: it goes through what was written before a crash, for as long as that takes
    """

    SERVES = "answers"
    REFUSES = "refuses us"
    STARTS = "is starting"
    ENDS = "is shutting down and lets nobody in"
    SILENT = "does not answer"

    @property
    def is_hopeless(self) -> bool:
        """Would waiting for it be all that one could do, for ever?"""
        return self in (Answer.ENDS, Answer.SILENT)


# The server's words where its messages are in English, as ours are (lc_messages); a refused
# connection has no SQLSTATE in psycopg.
_WORDS = (
    ("the database system is shutting down", Answer.ENDS),
    (
        "the database system is ",
        Answer.STARTS,
    ),  # starting up, in recovery mode, not yet accepting connections
    ("FATAL:", Answer.REFUSES),
)


def ask(conninfo: str, *, seconds: int) -> Answer:
    """Log in, and say what came of it; seconds: how long to wait for an answer, at least 2."""
    try:
        psycopg.connect(conninfo, connect_timeout=seconds).close()
    except psycopg.OperationalError as error:
        return said_as(str(error))
    return Answer.SERVES


def said_as(message: str) -> Answer:
    """Return what libpq's words for a failed connection say of the server."""
    return next((answer for words, answer in _WORDS if words in message), Answer.SILENT)

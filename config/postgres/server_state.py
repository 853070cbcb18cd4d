"""Asks a server for its state: more than whether it lets one in."""

from __future__ import annotations

from enum import Enum

import psycopg


class ServerState(Enum):
    """The value completes the sentence "PostgreSQL …".

    REFUSES: it serves, but not us (too many are in, or the password was changed)
    STARTS: it replays what was written before a crash, for as long as that takes
    """

    SERVES = "answers"
    REFUSES = "refuses us"
    STARTS = "is starting"
    ENDS = "is shutting down and lets nobody in"
    SILENT = "does not answer"

    @property
    def is_stuck(self) -> bool:
        """May the server stay like this for ever?"""
        return self in (ServerState.ENDS, ServerState.SILENT)


# The server's words where its messages are in English, as ours are (lc_messages); a refused
# connection has no SQLSTATE in psycopg.
_WORDS = (
    ("the database system is shutting down", ServerState.ENDS),
    (
        "the database system is ",
        ServerState.STARTS,
    ),  # starting up, in recovery mode, not yet accepting connections
    ("FATAL:", ServerState.REFUSES),
)


def read_server_state(conninfo: str, *, seconds: int) -> ServerState:
    """Try to log in, and return the state; seconds: how long to wait for an answer, at least 2."""
    try:
        psycopg.connect(conninfo, connect_timeout=seconds).close()
    except psycopg.OperationalError as error:
        return state_of_error(str(error))
    return ServerState.SERVES


def state_of_error(message: str) -> ServerState:
    """Return the state that libpq's message about a failed connection tells of."""
    return next((answer for words, answer in _WORDS if words in message), ServerState.SILENT)

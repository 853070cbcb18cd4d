"""Counts the database connections of all processes against what the server allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from .databases import has_reader
from .errors import CannotStart
from .variables import LEAST_THREADS, Configuration

# Exports in the background, each of which reads by a connection of its own.
EXPORTS = 2
# The worker, exports in the background (two), the supervisor, and a few commands in other shells.
RESERVED_CONNECTIONS = 8


def database_identity(connection: BaseDatabaseWrapper) -> tuple[int, int]:
    """Return what identifies a database, by whichever URL it was reached: its cluster's number and
    its own in there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        cluster, database = cursor.fetchone()
    return cluster, database


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """How many connections there are for us, with nobody else in. None: as many as all.

    app, reader: what their logins are limited to
    """

    all: int
    app: int | None = None
    reader: int | None = None

    def __str__(self) -> str:
        limits = ((self.app, "the app's login"), (self.reader, "the readers' login"))
        told = [f"{count} of {who}" for count, who in limits if count is not None]
        return f"{self.all} ({', '.join(told)})" if told else str(self.all)


def web_connections(processes: int, threads: int) -> int:
    """The app's login: a thread holds one, and those that share a commit one more a process."""
    return processes * (threads + 1)


def reader_connections(processes: int, threads: int) -> int:
    """The readers' login, where it is another: a thread that answers people holds one more."""
    return processes * threads


def needed_connections(given: Configuration) -> int:
    return _needed(given, given.WEB_THREADS)


def available_connections(connection: psycopg.Connection[Any]) -> tuple[int, int | None]:
    """Return how many connections the database has for all of ours, with nobody else in, and to
    how many this login is limited, if it is.
    """
    row = connection.execute(
        "SELECT least("
        "current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0),"
        "(SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())),"
        "(SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user)"
    ).fetchone()
    assert row is not None  # a SELECT without FROM
    return row[0], row[1]


def fitting_threads(given: Configuration, available: Available) -> int:
    """Return how many of WEB_THREADS the database has connections for. Raises CannotStart."""
    for threads in range(given.WEB_THREADS, LEAST_THREADS - 1, -1):
        if not _short(given, threads, available):
            return threads
    who, has, needed = _short(given, LEAST_THREADS, available)[0]
    raise CannotStart(
        f"The database takes {has} connections of {who}, and {given.WEB_PROCESSES} web"
        f" processes need at least {needed}: raise max_connections (or the limit of the login"
        " or database), or lower WEB_PROCESSES."
    )


def _needed(given: Configuration, threads: int) -> int:
    readers = reader_connections(given.WEB_PROCESSES, threads) if has_reader(given) else 0
    return web_connections(given.WEB_PROCESSES, threads) + readers + RESERVED_CONNECTIONS


def _short(given: Configuration, threads: int, available: Available) -> list[tuple[str, int, int]]:
    """Of what there are too few for so many threads: whose, how many there are, and are needed."""
    processes = given.WEB_PROCESSES
    needs = [
        ("ours", available.all, _needed(given, threads)),
        (
            "the app's login",
            available.app,
            web_connections(processes, threads) + RESERVED_CONNECTIONS,
        ),
    ]
    if has_reader(given):
        readers = reader_connections(processes, threads) + EXPORTS
        needs.append(("the readers' login", available.reader, readers))
    return [(who, has, needed) for who, has, needed in needs if has is not None and has < needed]

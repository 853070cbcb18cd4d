"""Counts the database connections of all processes against what the server allows."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from .errors import CannotStart
from .variables import LEAST_THREADS, Configuration

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


def web_connections(processes: int, threads: int) -> int:
    """A thread holds one, and those that share a commit one more in each process."""
    return processes * (threads + 1)


def needed_connections(given: Configuration) -> int:
    return web_connections(given.WEB_PROCESSES, given.WEB_THREADS) + RESERVED_CONNECTIONS


def available_connections(connection: psycopg.Connection[Any]) -> int:
    """How many connections may this login have here, with nobody else in?"""
    row = connection.execute(
        "SELECT least("
        "current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0),"
        "(SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),"
        "(SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user))"
    ).fetchone()
    assert row is not None  # a SELECT without FROM
    return int(row[0])


def fitting_threads(given: Configuration, available: int) -> int:
    """Return how many of WEB_THREADS the database has connections for. Raises CannotStart."""
    most = (available - RESERVED_CONNECTIONS) // given.WEB_PROCESSES - 1
    if most < LEAST_THREADS:
        needed = web_connections(given.WEB_PROCESSES, LEAST_THREADS) + RESERVED_CONNECTIONS
        raise CannotStart(
            f"The database takes {available} connections of ours, and {given.WEB_PROCESSES} web"
            f" processes need at least {needed}: raise max_connections (or the limit of the login"
            " or database), or lower WEB_PROCESSES."
        )
    return min(most, given.WEB_THREADS)

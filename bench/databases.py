"""Where does a step measure that must not touch the data set? In other databases of the server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg import sql

from config.postgres.access import ensure_database
from config.variables import BASE_DIR

from .installation import Installation

MAINTENANCE = "postgres"


@contextmanager
def scratch(installation: Installation, name: str) -> Iterator[dict[str, str]]:
    """Make an empty database, yield the variables that lead to it, and drop it afterwards."""
    _drop(installation, name)
    try:
        yield make_database(installation, name)
    finally:
        _drop(installation, name)


def make_database(installation: Installation, name: str) -> dict[str, str]:
    """Make a database unless it is there, and return the variables that lead a process to it."""
    cluster = installation.cluster
    with installation.connect(MAINTENANCE) as connection:
        ensure_database(connection, cluster.logins, name)
    return {
        "DATABASE_URL": cluster.logins.url("web", name),
        "DATABASE_OWNER_URL": cluster.logins.url("owner", name),
        "DATABASE_WORKER_URL": cluster.logins.url("worker", name),
    }


def call(module: str, variables: dict[str, str], *words: str) -> Any:
    """Run a module of the bench in another database, and return the JSON that it printed."""
    done = subprocess.run(  # noqa: S603 (our own interpreter and modules)
        [sys.executable, "-m", module, *words],
        cwd=BASE_DIR,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout)


def _drop(installation: Installation, name: str) -> None:
    with installation.connect(MAINTENANCE) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

"""Runs PostgreSQL's own programs, which know best what is in a database."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from ..errors import CannotStart
from ..postgres.binaries import find_binaries

# What a program is told last, where it fails.
_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersAccess:
    """The owner's way into the database. conninfo: without the password, which goes to a program
    by its environment: a command line is seen by everybody on the machine.
    """

    conninfo: str
    password: str = field(repr=False)

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection:
        return psycopg.connect(self.conninfo, password=self.password, autocommit=autocommit)


def owners_access() -> OwnersAccess:
    """Return it, as the settings have it."""
    from django.db import connections

    given: dict[str, Any] = connections["owner"].get_connection_params()
    options = {
        name: given[name]
        for name in ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "connect_timeout")
        if given.get(name)
    }
    return OwnersAccess(
        conninfo=make_conninfo(**options), password=str(given.get("password") or "")
    )


def run_program(
    words: Sequence[str],
    *,
    access: OwnersAccess,
    begins: re.Pattern[str],
    on_begin: Callable[[], object],
) -> None:
    """Run one of PostgreSQL's programs, on the database that `access` leads to.

    begins: what is in a line of its standard error where it begins with the next thing; on_begin
        is called then. Raises CannotStart with the last lines where it fails.
    """
    name, *rest = words
    where = f"--dbname={access.conninfo}"
    with subprocess.Popen(  # noqa: S603 (PostgreSQL's programs, without a shell)
        [find_binaries(None) / name, where, *rest],
        env={**os.environ, "PGPASSWORD": access.password, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as program:
        assert program.stderr is not None
        last: list[str] = []
        for line in program.stderr:
            last = [*last[1 - _LINES :], line.rstrip()]
            if begins.search(line):
                on_begin()
    if program.returncode:
        raise CannotStart(f"{name} failed:\n" + "\n".join(last))

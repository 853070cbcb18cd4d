"""Runs PostgreSQL's own programs, which know best what is in a database."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

from psycopg.conninfo import make_conninfo

from ..errors import CannotStart
from ..postgres.binaries import find_binaries

# What a program is told last, where it fails.
_LINES = 5


def owners_access() -> tuple[str, dict[str, str]]:
    """Return the connection string of the owner's login without its password, and the environment
    that holds it: a command line is seen by everybody on the machine.
    """
    from django.db import connections

    given: dict[str, Any] = connections["owner"].get_connection_params()
    options = {
        name: given[name]
        for name in ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "connect_timeout")
        if given.get(name)
    }
    return make_conninfo(**options), {"PGPASSWORD": str(given.get("password") or "")}


def run_program(
    words: Sequence[str],
    *,
    environment: dict[str, str],
    begins: re.Pattern[str],
    on_begin: Callable[[], object],
) -> None:
    """Run one of PostgreSQL's programs.

    begins: what is in a line of its standard error where it begins with the next thing; on_begin
        is called then. Raises CannotStart with the last lines where it fails.
    """
    name, *rest = words
    with subprocess.Popen(  # noqa: S603 (PostgreSQL's programs, without a shell)
        [find_binaries(None) / name, *rest],
        env={**os.environ, **environment, "LC_ALL": "C"},
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

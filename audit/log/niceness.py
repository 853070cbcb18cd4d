"""Lets what may wait go behind those who record, in the database too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

NICENESS = 10


def make_nicer(connection: psycopg.Connection[Any]) -> None:
    """Let the server's process of a connection go behind others, where it is on this machine."""
    info = connection.info
    # A number of another machine's, or of another container's, is not ours to make nicer.
    with suppress(OSError):
        is_ours = Path(f"/proc/{info.backend_pid}/comm").read_text().strip() == "postgres"
        if is_local(connection) and is_ours:
            os.setpriority(os.PRIO_PROCESS, info.backend_pid, NICENESS)


def is_local(connection: psycopg.Connection[Any]) -> bool:
    """Is the server on this machine, reached by its socket?"""
    return connection.info.host.startswith("/")

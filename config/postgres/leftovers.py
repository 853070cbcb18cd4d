"""Ends the processes that an earlier server left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

STOP_SECONDS = 30.0
POLL_SECONDS = 0.05


def is_server(pid: int, data: Path) -> bool:
    """Is this process a PostgreSQL server on these data?"""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"postgres") and str(data).encode() in words


def processes_of(data: Path) -> list[int]:
    """Return the server processes that work in these data: a killed server's children, too."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = (process / "cwd").readlink() == data.resolve()
            name = (process / "comm").read_text()
        except OSError:
            continue
        if is_ours and name.startswith("postgres"):
            found.append(int(process.name))
    return found


def end_processes(pids: list[int], remains: Callable[[], bool], how: signal.Signals) -> None:
    """Signal processes to end and wait for it; after STOP_SECONDS they are killed."""
    give_up = time.monotonic() + STOP_SECONDS
    while True:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, how if time.monotonic() < give_up else signal.SIGKILL)
        if not remains() or time.monotonic() > give_up + STOP_SECONDS:
            return
        time.sleep(POLL_SECONDS)

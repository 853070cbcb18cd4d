"""Runs a process of its own that makes exports, while there are any: it may be busy for minutes,
and positions and rollups must not wait for it.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable

from audit.export.jobs import is_waiting, next_export
from audit.export.making import make_export
from audit.log.cursor import own_cursor

from .lifeline import dies_with_me

# The two numbers of the advisory lock of whoever makes exports: "audi", "expo".
EXPORT_LOCK = (0x61756469, 0x6578706F)
COMMAND = "make_exports"
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 5.0
NICENESS = 5
logger = logging.getLogger(__name__)


def make_exports(*, using: str, is_stopping: Callable[[], bool]) -> int:
    """Make all exports that wait, one after the other; return how many. Where another process is
    at it already, there is nothing to do.
    """
    cursor = own_cursor(using)
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", EXPORT_LOCK)
    if cursor.fetchone() != (True,):
        return 0
    count = 0
    try:
        while not is_stopping():
            export = next_export(using=using)
            if export is None:
                break
            make_export(export, using=using, is_stopping=is_stopping)
            count += 1
    finally:
        own_cursor(using).execute("SELECT pg_advisory_unlock(%s, %s)", EXPORT_LOCK)
    return count


class Exporter:
    """The worker's side: starts the process when there is something to make, ends it at the end."""

    def __init__(self, *, using: str) -> None:
        self._using = using
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0

    def look(self) -> None:
        """Start the process if it is needed and not running; looks once a second at most."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + LOOK_SECONDS
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            if self._process.returncode:
                logger.warning("Making exports ended with status %s.", self._process.returncode)
                self._due = now + PAUSE_SECONDS
            self._process = None
            return
        if is_waiting(using=self._using):
            self._process = _start()

    def stop(self) -> None:
        """End the process; the export that it was at goes on with the next one."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, sys.argv[0], COMMAND],
        stdin=subprocess.DEVNULL,
        preexec_fn=dies_with_me(),
    )

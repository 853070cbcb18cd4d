"""Starts processes beside the worker's loop while there is something for them to do: they may be
busy for minutes, and positions and rollups must not wait for them.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable

from .lifeline import ends_with_parent

PAUSE_SECONDS = 5.0
logger = logging.getLogger(__name__)


class Child:
    """Starts a process when there is something to do, and ends it at the end.

    command: of `manage.py`, with its options, which ends when nothing is left to do; is_needed: is
    there something? It is asked every so many seconds at most.
    """

    def __init__(self, command: str, *, is_needed: Callable[[], bool], poll_seconds: float) -> None:
        self._command = command
        self._is_needed = is_needed
        self._poll_seconds = poll_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0

    def start_if_needed(self) -> None:
        """Start the process if it is needed and not running."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + self._poll_seconds
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            if self._process.returncode:
                logger.warning("%s ended with status %s.", self._command, self._process.returncode)
                self._due = now + max(self._poll_seconds, PAUSE_SECONDS)
            self._process = None
            return
        if self._is_needed():
            self._process = start(self._command)

    def stop(self) -> None:
        """End the process; what it was at goes on with the next one."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def start(command: str) -> subprocess.Popen[bytes]:
    """Start `manage.py COMMAND` by the file that this process was started by."""
    return subprocess.Popen(  # noqa: S603 (our own interpreter and file)
        [sys.executable, sys.argv[0], *command.split()],
        stdin=subprocess.DEVNULL,
        preexec_fn=ends_with_parent(),
    )

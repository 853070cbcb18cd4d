"""Shares a number of slots between the processes of one machine.

A slot is a lock on a file of its own (flock(2)), so the kernel takes it back from a process that is
gone.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Slots:
    """directory: the same for all processes; count: how many there are"""

    def __init__(self, directory: Path, *, count: int) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._free = [
            os.open(directory / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            for number in range(count)
        ]

    def take(self) -> int | None:
        """Return a slot that nobody has, or None."""
        for slot in self._free:
            try:
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            self._free.remove(slot)
            return slot
        return None

    def give_back(self, slot: int) -> None:
        fcntl.flock(slot, fcntl.LOCK_UN)
        self._free.append(slot)

"""Which file of places is open? One that is replaced is taken up, one that is broken is not."""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
import time
from typing import Any

import maxminddb

CHECK_SECONDS = 1.0
logger = logging.getLogger(__name__)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PlaceFile:
    """A MaxMind database on disk, mapped into memory.

    holds: what its type's name must contain ("City", "ASN"). A file that can't be read, or that
    holds something else, is refused by name in the log while the one before it serves on.
    """

    def __init__(self, path: str, *, holds: str) -> None:
        self._path = path
        self._holds = holds
        self._lock = threading.Lock()
        self._reader: maxminddb.Reader | None = None
        self._stamp: tuple[int, int] | None = None
        self._checked_at = float("-inf")
        self._generation = 0

    def generation(self) -> int:
        """Return a number that grows with each file taken up; looks at the disk once a second."""
        now = time.monotonic()
        if now - self._checked_at >= CHECK_SECONDS:
            with self._lock:
                self._checked_at = now
                self._take_up()
        return self._generation

    def find(self, address: Address) -> dict[str, Any] | None:
        """Return what the file says of an address, or None."""
        record = self._reader.get(address) if self._reader else None
        return record if isinstance(record, dict) else None

    def network(self, address: Address) -> str | None:
        """Return the block of addresses that the file's record is for."""
        if self._reader is None:
            return None
        _, length = self._reader.get_with_prefix_len(address)
        return str(ipaddress.ip_network((address, length), strict=False))

    def build_epoch(self) -> int | None:
        """Return when the file was built, in seconds since 1970."""
        return int(self._reader.metadata().build_epoch) if self._reader else None

    def _take_up(self) -> None:
        try:
            status = os.stat(self._path)
        except OSError as error:
            if self._stamp is not None or self._generation == 0:
                self._refuse(error.strerror or str(error))
            self._stamp = None
            return
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            reader = maxminddb.open_database(self._path, maxminddb.MODE_MMAP_EXT)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            self._refuse(str(error))
            return
        kind = reader.metadata().database_type
        if self._holds.lower() not in kind.lower():
            reader.close()
            self._refuse(f"it is a {kind!r} database, not one of {self._holds}")
            return
        # The one before it is not closed: another thread may be reading from its memory.
        self._reader = reader
        self._generation += 1

    def _refuse(self, reason: str) -> None:
        serves = "the one before it serves on" if self._reader else "no place is known"
        logger.warning("The place database %s can't be used: %s; %s.", self._path, reason, serves)
        self._generation += 1

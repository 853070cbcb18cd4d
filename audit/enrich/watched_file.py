"""Which location file is in use now? One that is replaced is picked up within a second."""

from __future__ import annotations

import logging
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

import maxminddb

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
_PROBES = ("192.0.2.1", "203.0.113.200", "8.8.8.8", "1.1.1.1", "81.2.69.142")
_PROBES_V6 = ("2001:db8::1", "2001:4860:4860::8888", "2a00::1")
_Signature = tuple[int, int, int, int]


class RefusedFile(Exception):
    """A file is no location database of the kind that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Database:
    """An opened location database; each opening is another one.

    build_date: of its contents, from its metadata, in UTC
    """

    reader: maxminddb.Reader
    build_date: date


class WatchedFile:
    """A location database that may be replaced, broken or missing at any time.

    A file that is refused or goes away leaves the one before it in use. What is in use is a copy
    of our own, mapped and without a name: a file that is overwritten in place would otherwise
    take the process with it (SIGBUS).

    foreign_types: words that betray, in the type of a database, that it holds something else
    """

    def __init__(
        self,
        path: str,
        *,
        foreign_types: tuple[str, ...],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = Path(path)
        self._foreign_types = foreign_types
        self._clock = clock
        self._lock = threading.Lock()
        self._next_look = float("-inf")
        self._seen: _Signature | None = None
        self._is_said_missing = False
        self._database: Database | None = None

    def current(self) -> Database | None:
        """Return the database in use, looking for a new file at most once a second."""
        if self._clock() < self._next_look:
            return self._database
        # Guards the look: one thread opens a new file. Others wait only where there is none yet.
        if not self._lock.acquire(blocking=self._database is None):
            return self._database
        try:
            if self._clock() >= self._next_look:
                self._look()
                self._next_look = self._clock() + SECONDS_BETWEEN_LOOKS
        finally:
            self._lock.release()
        return self._database

    def _look(self) -> None:
        try:
            signature = _signature(self._path)
        except OSError as error:
            if not self._is_said_missing:
                logger.warning("No location database at %s: %s", self._path, error.strerror)
            self._is_said_missing = True
            self._seen = None
            return
        self._is_said_missing = False
        if signature == self._seen:
            return
        self._seen = signature
        try:
            database = self._open()
        except (RefusedFile, OSError) as error:
            kept = "the one before stays in use" if self._database else "events get no place"
            logger.warning("Refused the location database %s (%s): %s", self._path, error, kept)
            return
        self._database = database
        logger.info("Using the location database %s of %s", self._path, database.build_date)

    def _open(self) -> Database:
        with tempfile.NamedTemporaryFile(prefix="places-", suffix=".mmdb") as copy:
            with _open_regular(self._path) as original:
                shutil.copyfileobj(original, copy, 2**20)
            copy.flush()
            try:
                reader = maxminddb.open_database(copy.name)
                metadata = reader.metadata()
                build_date = datetime.fromtimestamp(metadata.build_epoch, tz=UTC).date()
                for address in _PROBES + (_PROBES_V6 if metadata.ip_version == 6 else ()):
                    reader.get(address)
            except (maxminddb.InvalidDatabaseError, ValueError, OverflowError, OSError):
                raise RefusedFile("it is broken, or no MaxMind DB file") from None
        kind = metadata.database_type
        if any(word.casefold() in kind.casefold() for word in self._foreign_types):
            raise RefusedFile(f"its type is {kind[:80]!r}, which holds something else")
        return Database(reader=reader, build_date=build_date)


def _signature(path: Path) -> _Signature:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _open_regular(path: Path) -> BinaryIO:
    # A pipe or a device would block the recording of events, or never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise RefusedFile("it is no regular file")
    return path.open("rb")

"""Watches a location file, and opens it again within a second after it is replaced."""

from __future__ import annotations

import logging
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Address
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    # A host may have left it out: it comes with the extra `place`, and is imported to open a file.
    import maxminddb

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
_PROBES = ("192.0.2.1", "203.0.113.200", "8.8.8.8", "1.1.1.1", "81.2.69.142")
_PROBES_V6 = ("2001:db8::1", "2001:4860:4860::8888", "2a00::1")
_SAMPLE_RECORDS = 1_000
_Signature = tuple[int, int, int, int]


class RefusedFile(Exception):
    """A file is no location database of the kind that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseKind:
    """What a location database must hold.

    foreign_types: words in the type of a database that holds something else
    has_answer: does this record hold it? One that does must be among the first
    content: what it is, in words
    """

    foreign_types: tuple[str, ...]
    has_answer: Callable[[Mapping[str, Any]], bool]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Database:
    """An opened location database; each opening is another one.

    build_date: of its contents, from its metadata, in UTC
    versions: of IP, that it holds addresses of: 4, 6 or both
    """

    reader: maxminddb.Reader
    build_date: date
    versions: frozenset[int]


class WatchedFile:
    """A location database that may be replaced, broken or missing at any time.

    A file that is refused or goes away leaves the one before it in use. What is in use is a copy
    of our own, mapped and without a name: a file that is overwritten in place would otherwise
    take the process with it (SIGBUS).
    """

    def __init__(
        self,
        path: str,
        *,
        kind: DatabaseKind,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = Path(path)
        self._kind = kind
        self._clock = clock
        self._lock = threading.Lock()
        self._next_check = float("-inf")
        self._seen: _Signature | None = None
        self._is_said_missing = False
        self._database: Database | None = None

    def current(self) -> Database | None:
        """Return the database in use, looking for a new file at most once a second."""
        if self._clock() < self._next_check:
            return self._database
        # Guards the look: one thread opens a new file. Others wait only where there is none yet.
        if not self._lock.acquire(blocking=self._database is None):
            return self._database
        try:
            if self._clock() >= self._next_check:
                self._check()
                self._next_check = self._clock() + CHECK_SECONDS
        finally:
            self._lock.release()
        return self._database

    def _check(self) -> None:
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
        held = " and ".join(f"IPv{version}" for version in sorted(database.versions))
        said = "Using the location database %s of %s, which holds addresses of %s"
        logger.info(said, self._path, database.build_date, held)

    def _open(self) -> Database:
        try:
            import maxminddb
        except ModuleNotFoundError as error:
            raise RefusedFile(
                f"{error.name} is not installed; it comes with sightline-audit[place]"
            ) from None
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
        self._refuse_another_kind(reader, metadata.database_type)
        return Database(
            reader=reader, build_date=build_date, versions=_versions(reader, metadata.ip_version)
        )

    def _refuse_another_kind(self, reader: maxminddb.Reader, type_: str) -> None:
        if any(word.casefold() in type_.casefold() for word in self._kind.foreign_types):
            raise RefusedFile(f"its type is {type_[:80]!r}, which holds something else")
        seen: dict[str, None] = {}
        for record in _first_records(reader):
            if self._kind.has_answer(record):
                return
            seen.update(dict.fromkeys(record))
        members = ", ".join(list(seen)[:20]) or "none"
        raise RefusedFile(
            f"its type is {type_[:80]!r}, and its records don't say {self._kind.content} in a form"
            f" that is known; their members: {members[:200]}"
        )


def _first_records(reader: maxminddb.Reader) -> Iterator[Mapping[str, Any]]:
    from maxminddb import InvalidDatabaseError

    try:
        for _network, record in islice(reader, _SAMPLE_RECORDS):
            if isinstance(record, dict):
                yield record
    except (InvalidDatabaseError, ValueError):
        raise RefusedFile("it is broken, or no MaxMind DB file") from None


def _versions(reader: maxminddb.Reader, ip_version: int) -> frozenset[int]:
    """Return which addresses a file holds. One of IPv6 may hold those of IPv4, below ::/96, or
    not; then its answer to each of them is "nothing", for a network as wide as all of IPv4.
    """
    if ip_version == 4:
        return frozenset({4})
    if reader.get_with_prefix_len(IPv4Address(0)) == (None, 0):
        return frozenset({6})
    return frozenset({4, 6})


def _signature(path: Path) -> _Signature:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _open_regular(path: Path) -> BinaryIO:
    # A pipe or a device would block the recording of events, or never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise RefusedFile("it is no regular file")
    return path.open("rb")

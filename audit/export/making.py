"""Makes the file of an export so that a killed process costs a second of it at most.

The file is written in pieces; about once a second it is synced to the disk, and only then does the
row say how far it is good. Whoever goes on cuts the file there and continues below the last event.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.db import connections
from django.utils import timezone

from audit.conf import audit_settings
from audit.errors import AuditError, CannotExport
from audit.log.cursor import psycopg_cursor
from audit.models import Export
from audit.models.export import DONE, FAILED, RUNNING, UNFINISHED

from .evidence.filters import wanted_of
from .evidence.making import discard, make_tar, read_signed
from .form import EVIDENCE
from .jobs import KEPT, directory, file_of, form_of, query_of
from .stream import WRITERS, Piece, pieces
from .streamed import settle_streams

PROGRESS_SECONDS = 1.0
MAX_ATTEMPTS = 10
READ_BYTES = 2**20


class _Cancelled(Exception):
    """The owner wants it no more."""


class _Stopped(Exception):
    """This process is asked to end; another goes on."""


def make_export(export: Export, *, using: str, is_stopping: Callable[[], bool]) -> None:
    """Make an export, from where the last attempt got to.

    is_stopping: asked once a second; then it is left for another process. What is wrong with the
    disk or the format ends up in the row; an error of the database is raised, and another attempt
    is due.
    """
    row = Export.objects.using(using).filter(id=export.id)
    export.attempts += 1
    if not row.filter(state__in=UNFINISHED).update(state=RUNNING, attempts=export.attempts):
        _clear(export)
        return
    if export.attempts > MAX_ATTEMPTS:
        _fail(row, f"It was begun {MAX_ATTEMPTS} times, and each time the process ended.")
        _clear(export)
        return
    make = _make_evidence if export.format == EVIDENCE else _make
    try:
        make(export, row, using, is_stopping)
    except _Stopped:
        return
    except _Cancelled:
        _clear(export)
    except AuditError as error:
        _fail(row, str(error))
        _clear(export)
    except (OSError, ImportError) as error:
        _fail(row, f"{type(error).__name__}: {error}")
        _clear(export)


def expire_exports(*, using: str, now: datetime) -> int:
    """Delete what is past its time, and files that no row knows. Returns how many rows went."""
    settle_streams(using=using, now=now)
    old = Export.objects.using(using).filter(finished_at__lt=now - KEPT)
    count, _ = old.delete()
    try:
        kept = directory()
    except CannotExport:
        return count
    # Files first: one that is made meanwhile has its row by then.
    files = list(kept.glob("*.*"))
    known = {id_.hex for id_ in Export.objects.using(using).values_list("id", flat=True)}
    for file in files:
        if file.name.partition(".")[0] not in known:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
    return count


def _make(export: Export, row: Any, using: str, is_stopping: Callable[[], bool]) -> None:
    form = form_of(export)
    draft = _draft(export)
    with _opened(draft) as file, reading(using) as connection:
        is_resumable = WRITERS[form.format].is_resumable
        done, digest = _resumed(export, file) if is_resumable else (None, sha256())
        if done is None:
            file.truncate(0)
        due = time.monotonic() + PROGRESS_SECONDS
        piece = done
        made = pieces(connection, query_of(export), form, done=done, digest=digest)
        with closing(made) as given:
            for piece in given:
                file.write(piece.body)
                if time.monotonic() >= due:
                    _note(row, file, piece)
                    if is_stopping():
                        raise _Stopped
                    due = time.monotonic() + PROGRESS_SECONDS
        assert piece is not None  # the end is a piece of its own
        _note(row, file, piece)
    os.replace(draft, file_of(export))
    _finish(row, sha256=digest.hexdigest())


def _make_evidence(export: Export, row: Any, using: str, is_stopping: Callable[[], bool]) -> None:
    """Make the tar of one environment's evidence, from where the last attempt got to."""
    query, path = query_of(export), file_of(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    cursor = psycopg_cursor(using)
    (key,) = query.scope.environments
    published = read_signed(cursor, key)
    due = time.monotonic() + PROGRESS_SECONDS

    def progress(positions: int, events: int) -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        _say(row, rows=events)
        if is_stopping():
            raise _Stopped
        due = time.monotonic() + PROGRESS_SECONDS

    wanted = wanted_of(cursor, published, query)
    events = make_tar(cursor, published, wanted, path, top=f"evidence-{key}", progress=progress)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256")
        size = file.tell()
    _finish(row, rows=events, bytes=size, sha256=digest.hexdigest())


@contextmanager
def reading(using: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection of its own, in a transaction: the snapshot lasts as long as the export,
    and progress is told meanwhile.

    using: whose login reads where there is none for readers
    """
    reader = audit_settings().READER_DATABASE
    wrapper = connections[using if reader == audit_settings().DATABASE else reader].copy()
    try:
        wrapper.ensure_connection()
        with wrapper.connection.transaction():
            yield wrapper.connection
    finally:
        wrapper.close()


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading and writing that its owner alone may read, made where it isn't."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    return os.fdopen(descriptor, "r+b")


def _resumed(export: Export, file: BinaryIO) -> tuple[Piece | None, Any]:
    """Cut the file to what is good of it; return where to go on, and the hash of what is there."""
    digest = sha256()
    size = file.seek(0, os.SEEK_END)
    if not export.bytes or size < export.bytes:
        file.seek(0)
        return None, digest
    file.truncate(export.bytes)
    file.seek(0)
    while block := file.read(READ_BYTES):
        digest.update(block)
    return Piece(body=b"", rows=export.rows, last_id=export.last_id), digest


def _note(row: Any, file: BinaryIO, piece: Piece) -> None:
    """Say how far the file is good, once it is on the disk. Raises _Cancelled."""
    file.flush()
    os.fsync(file.fileno())
    _say(row, rows=piece.rows, bytes=file.tell(), last_id=piece.last_id)


def _finish(row: Any, **values: Any) -> None:
    """Say that the file is whole. Raises _Cancelled."""
    _say(row, state=DONE, finished_at=timezone.now(), **values)


def _say(row: Any, **values: Any) -> None:
    if not row.filter(state=RUNNING).update(**values):
        raise _Cancelled


def _fail(row: Any, error: str) -> None:
    row.filter(state=RUNNING).update(state=FAILED, finished_at=timezone.now(), error=error[:1_000])


def _clear(export: Export) -> None:
    _draft(export).unlink(missing_ok=True)
    discard(file_of(export))


def _draft(export: Export) -> Path:
    path = file_of(export)
    return path.with_name(path.name + ".part")

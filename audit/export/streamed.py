"""What becomes of an export that goes out as it is made? Its row tells, at the latest with the last
byte: then a reader can find out whether the file was cut on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import Error, connections, transaction
from django.utils import timezone

from audit.abilities import require
from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.models import Export
from audit.models.export import DONE, INTERRUPTED, RUNNING
from audit.query.search.event_query import EventQuery

from .audit_trail import EXPORTED
from .form import Form
from .jobs import form_of, new_export, query_of, tell
from .stream import pieces

# A running stream holds an advisory lock: this number ("expo"), and the first half of its id's.
LOCK = 0x6578706F
# So long after it was asked for a stream has its lock.
BEGUN = timedelta(minutes=1)


def begin_stream(
    *, user: Any, query: EventQuery, form: Form, said: str, address: str | None, now: datetime
) -> Export:
    """Make the row of a stream, and record that it is made. As `jobs.create_export`."""
    return _made(
        user=user, query=query, form=form, said=said, address=address, now=now, state=RUNNING
    )


def note_export(
    body: bytes,
    *,
    rows: int,
    user: Any,
    query: EventQuery,
    form: Form,
    said: str,
    address: str | None,
    now: datetime,
) -> Export:
    """Make the row of a small export that is whole before it goes out. As `begin_stream`."""
    return _made(
        user=user,
        query=query,
        form=form,
        said=said,
        address=address,
        now=now,
        **_whole(rows=rows, size=len(body), digest=sha256(body), now=now),
    )


def stream(export: Export) -> Iterator[bytes]:
    """Yield the pieces of an export that was begun, newest event first, of one snapshot.

    It holds a transaction on each connection of this thread until it is done or closed. The last
    piece is given only when the row says what they were all together.
    """
    using, reader = audit_settings().DATABASE, audit_settings().READER_DATABASE
    row = Export.objects.using(using).filter(id=export.id, state__in=(RUNNING, DONE))
    digest, held, size, rows = sha256(), b"", 0, 0
    try:
        with transaction.atomic(using=using), transaction.atomic(using=reader):
            psycopg_cursor(using).execute("SELECT pg_advisory_xact_lock(%s, %s)", _lock(export.id))
            made = pieces(
                connections[reader].connection, query_of(export), form_of(export), digest=digest
            )
            with closing(made) as given:
                for piece in given:
                    rows = piece.rows
                    size += len(piece.body)
                    if held and piece.body:
                        yield held
                    held = piece.body or held
            # Before the commit, with which the lock goes.
            row.update(**_whole(rows=rows, size=size, digest=digest, now=timezone.now()))
        yield held
    except BaseException:
        with suppress(Error):
            row.update(
                state=INTERRUPTED, rows=rows, bytes=size, sha256="", finished_at=timezone.now()
            )
        raise


def settle_streams(*, using: str, now: datetime) -> None:
    """Say of streams that they were interrupted, where their process is gone without a word."""
    running = Export.objects.using(using).filter(
        is_streamed=True, state=RUNNING, asked_at__lt=now - BEGUN
    )
    asked = list(running.values_list("id", flat=True))
    if not asked:
        return
    cursor = psycopg_cursor(using).execute(
        "SELECT objid::int8 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
        " AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (LOCK,),
    )
    alive = {number for (number,) in cursor}
    gone = [id_ for id_ in asked if _lock(id_)[1] % 2**32 not in alive]
    running.filter(id__in=gone).update(state=INTERRUPTED, finished_at=now)


def _made(
    *,
    user: Any,
    query: EventQuery,
    form: Form,
    said: str,
    address: str | None,
    now: datetime,
    **more: Any,
) -> Export:
    require(user, "export", query.scope)
    using = audit_settings().DATABASE
    export = new_export(
        user=user, query=query, form=form, said=said, now=now, is_streamed=True, **more
    )
    with transaction.atomic(using=using):
        tell(EXPORTED, export, user=user, address=address, now=now)
        export.save(using=using, force_insert=True)
    return export


def _whole(*, rows: int, size: int, digest: Any, now: datetime) -> Mapping[str, Any]:
    return {
        "state": DONE,
        "rows": rows,
        "bytes": size,
        "sha256": digest.hexdigest(),
        "finished_at": now,
    }


def _lock(export_id: UUID) -> tuple[int, int]:
    return LOCK, int.from_bytes(export_id.bytes[:4], "big", signed=True)

"""Which exports has a person asked for, and what has become of them?

The worker makes the files (`making`). An owner has them for as long as their scope still holds all
that it held when they asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from django.db import transaction

from audit.conf import Scope, audit_settings
from audit.errors import CannotExport
from audit.models import Export
from audit.models.export import CANCELLED, DONE, UNFINISHED, WAITING

from ..counts import count_events
from ..event_query import EventQuery
from .stream import FORMATS, check_format
from .told import DOWNLOADED, EXPORTED, record_export

# From so many rows on, pages ask for an export in the background rather than stream it.
BACKGROUND_ROWS = 100_000
KEPT = timedelta(days=7)
MAX_UNFINISHED = 5
MAX_LISTED = 100


def create_export(
    *,
    user: Any,
    query: EventQuery,
    name: str,
    said: str,
    address: str | None,
    now: datetime,
) -> Export:
    """Ask for an export in the background.

    name: the format; said: the filters as they were given, to be shown; address: the user's.
    Raises BadParameter for another format, CannotExport, NotRecorded.
    """
    check_format(name)
    directory()
    using = audit_settings().DATABASE
    unfinished = Export.objects.using(using).filter(owner=user, state__in=UNFINISHED)
    if unfinished.count() >= MAX_UNFINISHED:
        raise CannotExport(
            f"{MAX_UNFINISHED} exports of yours are not done yet: wait, or cancel one."
        )
    count = count_events(query)
    export = Export(
        owner=user,
        format=name,
        query=msgspec.to_builtins(query),
        said=said,
        asked_at=now,
        expected_rows=None if count.is_capped else count.count,
    )
    with transaction.atomic(using=using):
        _tell(EXPORTED, export, user=user, address=address, now=now)
        export.save(using=using, force_insert=True)
    return export


def list_exports(user: Any) -> Sequence[Export]:
    """Return the person's exports, newest first."""
    mine = Export.objects.using(audit_settings().DATABASE).filter(owner=user)
    return list(mine.order_by("-asked_at", "id")[:MAX_LISTED])


def get_export(user: Any, export_id: UUID) -> Export | None:
    """Return one of the person's exports, or None where it isn't or is another's."""
    mine = Export.objects.using(audit_settings().DATABASE).filter(owner=user)
    return mine.filter(id=export_id).first()


def cancel_export(user: Any, export_id: UUID, *, now: datetime) -> bool:
    """Cancel an export that is not done, or delete one that is, with its file. Returns whether
    there was one.
    """
    mine = Export.objects.using(audit_settings().DATABASE).filter(owner=user, id=export_id)
    if mine.filter(state__in=UNFINISHED).update(state=CANCELLED, finished_at=now):
        # Whoever is making it sees that, and deletes what there is.
        return True
    export = mine.first()
    if export is None:
        return False
    file_of(export).unlink(missing_ok=True)
    mine.delete()
    return True


def open_export(
    user: Any, export: Export, *, scope: Scope, address: str | None, now: datetime
) -> BinaryIO:
    """Return the file, open, and record that it is downloaded.

    scope: the person's now. Raises CannotExport where it isn't done, is gone, or holds more than
    the person may see by now.
    """
    if export.state != DONE:
        raise CannotExport(f"The export is {export.state}; its file is there once it is done.")
    if not is_within(query_of(export).scope, scope):
        raise CannotExport("The export holds more than you may see by now; ask for it anew.")
    try:
        file = file_of(export).open("rb")
    except FileNotFoundError:
        raise CannotExport("The file of this export is gone; ask for it anew.") from None
    try:
        _tell(DOWNLOADED, export, user=user, address=address, now=now)
    except BaseException:
        file.close()
        raise
    return file


def is_within(inner: Scope, outer: Scope) -> bool:
    """Does the outer scope see all that the inner one sees?"""
    return all(
        key in outer.grants
        and (
            outer.grants[key] is None
            or (workspaces is not None and workspaces <= (outer.grants[key] or frozenset()))
        )
        for key, workspaces in inner.grants.items()
    )


def expires_at(export: Export) -> datetime | None:
    """Return when a finished export goes, with its file."""
    return export.finished_at + KEPT if export.finished_at else None


def query_of(export: Export) -> EventQuery:
    """Return the search, with the scope as it was when asked."""
    return msgspec.convert(export.query, EventQuery)


def directory() -> Path:
    """Return where the files lie. Raises CannotExport where nobody said."""
    path = audit_settings().EXPORT_DIRECTORY
    if not path:
        raise CannotExport(
            "No directory for exports is set here (AUDIT['EXPORT_DIRECTORY']); stream them instead."
        )
    return Path(path)


def file_of(export: Export) -> Path:
    """Return the path of the finished file."""
    return directory() / f"{export.id.hex}.{FORMATS[export.format].extension}"


def is_waiting(*, using: str) -> bool:
    """Is there anything to make, or to go on with?"""
    return Export.objects.using(using).filter(state__in=UNFINISHED).exists()


def next_export(*, using: str) -> Export | None:
    """Return what to make next: first what was interrupted, then what waits longest."""
    unfinished = Export.objects.using(using).filter(state__in=UNFINISHED)
    running, waiting = unfinished.exclude(state=WAITING), unfinished.filter(state=WAITING)
    return running.order_by("asked_at", "id").first() or waiting.order_by("asked_at", "id").first()


def _tell(code: str, export: Export, *, user: Any, address: str | None, now: datetime) -> None:
    record_export(
        code=code,
        user=user,
        query=query_of(export),
        name=export.format,
        address=address,
        now=now,
        export_id=str(export.id),
    )

"""Keeps the exports that people asked for, from the order to the file.

The worker makes the files (`making`); of those that were streamed (`streamed`) there is none. An
owner has them for as long as their scope still holds all that it held when they asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from audit.abilities import has_all, may, require, those_of
from audit.conf import audit_settings
from audit.contracts import Scope
from audit.errors import BadParameter, CannotExport
from audit.models import Export
from audit.models.export import CANCELLED, DONE, UNFINISHED, WAITING
from audit.query.counts.totals import count_events
from audit.query.search.event_query import EventQuery

from .audit_trail import DOWNLOADED, EXPORTED, record_export
from .form import EVIDENCE, EVIDENT, Form

KEPT = timedelta(days=7)
MAX_UNFINISHED = 5
MAX_LISTED = 100


def create_export(
    *,
    user: Any,
    query: EventQuery,
    form: Form,
    said: str,
    address: str | None,
    now: datetime,
) -> Export:
    """Ask for an export in the background.

    said: the filters as they were given, to be shown; address: the user's. Raises NotAllowed,
    CannotExport, BadParameter, NotRecorded.
    """
    require(user, "export", query.scope)
    directory()
    if form.format == EVIDENCE:
        _check_evidence(user, query)
    using = audit_settings().DATABASE
    unfinished = _to_make(using).filter(owner=user)
    if unfinished.count() >= MAX_UNFINISHED:
        raise CannotExport(
            f"{MAX_UNFINISHED} exports of yours are not done yet: wait, or cancel one."
        )
    count = count_events(query)
    export = new_export(
        user=user,
        query=query,
        form=form,
        said=said,
        now=now,
        expected_rows=None if count.is_capped else count.count,
    )
    with transaction.atomic(using=using):
        tell(EXPORTED, export, user=user, address=address, now=now)
        export.save(using=using, force_insert=True)
    return export


def list_exports(user: Any) -> Sequence[Export]:
    """Return the person's exports, newest first: so many files, and so many streams."""
    mine = Export.objects.using(audit_settings().DATABASE).filter(owner=user)
    found = [
        export
        for is_streamed in (False, True)
        for export in mine.filter(is_streamed=is_streamed).order_by("-asked_at", "id")[:MAX_LISTED]
    ]
    return sorted(found, key=lambda export: export.asked_at, reverse=True)


def get_export(user: Any, export_id: UUID) -> Export | None:
    """Return one of the person's exports, or None where it isn't or is another's."""
    mine = Export.objects.using(audit_settings().DATABASE).filter(owner=user)
    return mine.filter(id=export_id).first()


def cancel_export(user: Any, export_id: UUID, *, now: datetime) -> bool:
    """Cancel an export that is not done, or delete one that is, with its file. Returns whether
    there was one. Raises CannotExport for a stream that is going out.
    """
    using = audit_settings().DATABASE
    mine = Export.objects.using(using).filter(owner=user, id=export_id)
    if _to_make(using).filter(owner=user, id=export_id).update(state=CANCELLED, finished_at=now):
        # Whoever is making it sees that, and deletes what there is.
        return True
    export = mine.first()
    if export is None:
        return False
    if export.is_streamed and export.state in UNFINISHED:
        raise CannotExport("The export is being streamed: hang up, and it ends.")
    if not export.is_streamed:
        file_of(export).unlink(missing_ok=True)
    mine.delete()
    return True


def open_export(
    user: Any, export: Export, *, scope: Scope, address: str | None, now: datetime
) -> BinaryIO:
    """Return the file, open, and record that it is downloaded.

    scope: the person's now. Raises CannotExport where it isn't done, is gone, or holds more than
    the person may see by now, NotAllowed where they may export it no more.
    """
    if export.is_streamed:
        raise CannotExport("The export was streamed, and no file is kept; ask for it anew.")
    if export.state != DONE:
        raise CannotExport(f"The export is {export.state}; its file is there once it is done.")
    if not may_have_evidence(user, export) or not is_within(query_of(export).scope, scope):
        raise CannotExport("The export holds more than you may see by now; ask for it anew.")
    require(user, "export", query_of(export).scope)
    try:
        file = file_of(export).open("rb")
    except FileNotFoundError:
        raise CannotExport("The file of this export is gone; ask for it anew.") from None
    try:
        tell(DOWNLOADED, export, user=user, address=address, now=now)
    except BaseException:
        file.close()
        raise
    return file


def may_still_have(user: Any, export: Export) -> bool:
    """May a person, as they are now, see and export all that is in an export?"""
    scope = query_of(export).scope
    return (
        is_within(scope, audit_settings().resolve_scope(user))
        and has_all(user, "export", scope)
        and may_have_evidence(user, export)
    )


def may_have_evidence(user: Any, export: Export) -> bool:
    return all(may(user, "evidence", key) for key in export.evidence_of)


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


def file_name(export: Export) -> str:
    """Return a name for whoever keeps the file; it sorts by time."""
    ending = EVIDENT.get(export.format, export.format)
    return f"events-{export.asked_at:%Y%m%dT%H%M%SZ}.{ending}"


def form_of(export: Export) -> Form:
    return Form(
        format=export.format,
        has_end_line=export.has_end_line,
        has_bom=export.has_bom,
        salts_of=tuple(export.evidence_of),
    )


def new_export(
    *, user: Any, query: EventQuery, form: Form, said: str, now: datetime, **more: Any
) -> Export:
    """Return a row that isn't saved yet; it has the evidence that the user may have."""
    environments = query.scope.environments if form.format in EVIDENT else ()
    return Export(
        owner=user,
        format=form.format,
        has_end_line=form.has_end_line,
        has_bom=form.has_bom,
        evidence_of=list(those_of(user, "evidence", environments)),
        query=msgspec.to_builtins(query),
        said=said,
        asked_at=now,
        **more,
    )


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
    return directory() / f"{export.id.hex}.{export.format}"


def is_waiting(*, using: str) -> bool:
    """Is there anything to make, or to go on with?"""
    return _to_make(using).exists()


def next_export(*, using: str) -> Export | None:
    """Return what to make next: first what was interrupted, then what waits longest."""
    unfinished = _to_make(using)
    running, waiting = unfinished.exclude(state=WAITING), unfinished.filter(state=WAITING)
    return running.order_by("asked_at", "id").first() or waiting.order_by("asked_at", "id").first()


def tell(code: str, export: Export, *, user: Any, address: str | None, now: datetime) -> None:
    """Record that an export is asked for, or downloaded. Raises NotRecorded."""
    record_export(
        code=code,
        user=user,
        query=query_of(export),
        name=export.format,
        address=address,
        now=now,
        export_id=str(export.id),
        evidence_of=export.evidence_of,
    )


def _check_evidence(user: Any, query: EventQuery) -> None:
    """Raise where a search has no single log, or one whose evidence the user may not have."""
    environments = query.scope.environments
    if len(environments) != 1:
        listed = f" ({', '.join(environments)})" if environments else ""
        raise BadParameter(
            "environment",
            "environment: evidence is of one environment's log at a time, and this search has"
            f" {len(environments)}{listed}: name one.",
        )
    if not may(user, "evidence", environments[0]):
        raise BadParameter(
            "format", f"format: you may not export the evidence of {environments[0]!r}."
        )


def _to_make(using: str) -> QuerySet[Export]:
    """Those that the worker has to make, or is making."""
    return Export.objects.using(using).filter(is_streamed=False, state__in=UNFINISHED)

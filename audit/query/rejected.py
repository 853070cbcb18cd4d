"""Lists what was refused lately, of whom and why, inside the reader's scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.db.models import QuerySet

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log.times import format_time
from audit.models import Environment, Rejected, RejectedCount

from .scoped_rows import of_whole_environments
from .search.signed_text import SignedText, other_filters

DOWNLOAD_ROWS = 25  # as many may be in memory at once, of MAX_EVENT_BYTES each
_encode = msgspec.json.Encoder(order="sorted").encode
_signed = SignedText(salt="audit.query.rejected", max_characters=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedQuery:
    """What is asked for. start, end: of the time of receipt, `[start, end)`; sent_as: "" for any

    An environment of which the scope has some workspaces only is left out: of an event that was
    refused nobody can say to which workspace it belongs.
    """

    scope: Scope
    senders: tuple[int, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    sent_as: str = ""

    def digest(self) -> str:
        """Return a short text that is the same for the same filters and scope."""
        said = [sorted(self.scope.environments), sorted(self.senders), self.sent_as]
        return sha256(_encode(said)).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedPage:
    results: Sequence[Mapping[str, Any]]
    next: str | None


def find_rejected(
    query: RejectedQuery, *, cursor: str | None, page_size: int, with_texts_of: Collection[str]
) -> RejectedPage:
    """Return a page, newest first. with_texts_of: the keys of the environments of which what was
    sent is told, in which people may be named; of others it is null. Raises BadCursor.
    """
    rows = _rows(query).order_by("-id")
    if cursor:
        rows = rows.filter(id__lt=_read_cursor(cursor, query))
    found = list(rows[: page_size + 1])
    names = _environment_keys()
    page = found[:page_size]
    has_more = len(found) > page_size
    return RejectedPage(
        results=[_document(row, names.get(row.environment), with_texts_of) for row in page],
        next=_write_cursor(page[-1].id, query) if has_more else None,
    )


def count_rejected(query: RejectedQuery) -> list[dict[str, Any]]:
    """Return how much was refused of each sender on each day (UTC), newest day first.

    All that was refused counts, kept or not; the format and the time of day don't matter here.
    """
    counts: QuerySet[RejectedCount] = of_whole_environments(
        RejectedCount.objects.using(audit_settings().READER_DATABASE), scope=query.scope
    )
    if query.senders:
        counts = counts.filter(sender_id__in=query.senders)
    if query.start is not None:
        counts = counts.filter(day__gte=query.start.date())
    if query.end is not None:
        counts = counts.filter(day__lte=query.end.date())
    names = _environment_keys()
    return [
        {
            "day": row.day.isoformat(),
            "environment": names.get(row.environment),
            "sender": {"id": row.sender_id, "name": row.sender},
            "rejected": row.total,
            "kept": row.kept,
        }
        for row in counts.order_by("-day", "sender_id")
    ]


def rejected_lines(query: RejectedQuery) -> Iterator[bytes]:
    """Yield the texts of the events as NDJSON, oldest first, ready to be sent in again.

    One that was cut, and a body that could not be read, are left out.
    """
    beyond = 0
    while True:
        rows = list(
            _rows(query)
            .filter(id__gt=beyond, is_cut=False, status="rejected")
            .order_by("id")
            .values_list("id", "body")[:DOWNLOAD_ROWS]
        )
        if not rows:
            return
        yield b"".join(_line(body) for _, body in rows)
        beyond = rows[-1][0]


def _rows(query: RejectedQuery) -> QuerySet[Rejected]:
    rows: QuerySet[Rejected] = of_whole_environments(
        Rejected.objects.using(audit_settings().READER_DATABASE), scope=query.scope
    )
    if query.senders:
        rows = rows.filter(sender_id__in=query.senders)
    if query.sent_as:
        rows = rows.filter(sent_as=query.sent_as)
    if query.start is not None:
        rows = rows.filter(received_at__gte=query.start)
    if query.end is not None:
        rows = rows.filter(received_at__lt=query.end)
    return rows


def _document(
    row: Rejected, environment: str | None, with_texts_of: Collection[str]
) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "received_at": format_time(row.received_at),
        "environment": environment,
        "sender": {"id": row.sender_id, "name": row.sender, "key": row.key_id},
        "sent_as": row.sent_as,
        "index": row.index,
        "errors": row.errors,
        "body": row.body if environment in with_texts_of else None,
        "is_cut": row.is_cut,
    }


def _line(body: str) -> bytes:
    """Return a text as one line, without reading it: it was refused, and may be of any kind. In
    JSON a line's end is but space.
    """
    return b" ".join(line.strip() for line in body.encode().splitlines()) + b"\n"


def _environment_keys() -> dict[int, str]:
    return dict(
        Environment.objects.using(audit_settings().READER_DATABASE).values_list("id", "key")
    )


def _write_cursor(beyond: int, query: RejectedQuery) -> str:
    return _signed.write(f"{query.digest()}{beyond}")


def _read_cursor(text: str, query: RejectedQuery) -> int:
    value = _signed.read(text)
    if value[:16] != query.digest():
        raise other_filters()
    return int(value[16:])

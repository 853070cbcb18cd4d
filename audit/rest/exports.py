"""`/api/v1/events/export`: what a search says, as a file, however much it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from audit.query.export import FORMATS, check_format, export
from audit.query.export.told import EXPORTED, record_export

from .addresses import sender_address
from .events import AuditView
from .streams import Stream


class AnyAnswer(BaseContentNegotiation):
    """The parameter says what is wanted, whatever `Accept` does."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class EventsExportView(AuditView):
    """All events that match, newest first, streamed; the end tells how many there were."""

    content_negotiation_class = AnyAnswer

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        # The export's own transaction outlives the view.
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def get(self, request: Request) -> StreamingHttpResponse:
        name = check_format(request.query_params.get("format") or "")
        query = self.query(request, "format")
        now = timezone.now()

        def begin() -> Iterator[bytes]:
            """What the log says is committed before anything goes out."""
            record_export(
                code=EXPORTED,
                user=request.user,
                query=query,
                name=name,
                address=sender_address(request),
                now=now,
            )
            return export(query, name=name)

        stream = Stream(begin)
        kind = FORMATS[name]
        return StreamingHttpResponse(
            stream,
            content_type=kind.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{file_name(now, kind.extension)}"',
                "Cache-Control": "private, no-store",
            },
        )


def file_name(moment: Any, extension: str) -> str:
    """Return a name that sorts by time: events-20260305T080000Z.csv."""
    return f"events-{moment:%Y%m%dT%H%M%SZ}.{extension}"

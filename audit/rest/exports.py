"""Exports: `/api/v1/events/export` streams one, `/api/v1/exports` has it made meanwhile, and tells
of both.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from audit.conf import audit_settings
from audit.enrich.proxies import sender_address
from audit.errors import BadParameter
from audit.export import jobs, parse_form
from audit.export.form import PARAMETERS
from audit.export.streamed import begin_stream, settle_streams, stream
from audit.log.times import format_time
from audit.models import Export
from audit.models.export import DONE

from .authentication import ReadTokenAuthentication
from .events import AuditView
from .media import AnyAnswer
from .streams import Stream, download, while_allowed

BLOCK_BYTES = 2**18
EXPORT_ID = "Export-Id"


class ExportView(AuditView):
    """What the views of exports have in common. A session may ask for one, with its CSRF token."""

    authentication_classes = (ReadTokenAuthentication, SessionAuthentication)
    content_negotiation_class = AnyAnswer
    # A form's only member is its CSRF token: the search stands in the address.
    parser_classes = (FormParser, MultiPartParser)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        # A stream's own transaction outlives the view.
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def found(self, request: Request, export_id: UUID) -> Export:
        """Return one of the reader's own exports. Raises Http404."""
        settle_streams(using=audit_settings().DATABASE, now=timezone.now())
        found = jobs.get_export(request.user, export_id)
        if found is None:
            raise Http404
        return found


class EventsExportView(ExportView):
    """All events that match, newest first, streamed."""

    def get(self, request: Request) -> StreamingHttpResponse:
        form = parse_form(request.query_params, is_streamed=True)
        query = self.query(request, *PARAMETERS)
        now = timezone.now()
        begun: list[Export] = []

        def begin() -> Iterator[bytes]:
            """What the log says is committed before anything goes out."""
            made = begin_stream(
                user=request.user,
                query=query,
                form=form,
                said=_said(request),
                address=sender_address(request),
                now=now,
            )
            begun.append(made)
            return stream(made)

        return _download(_stream(begin, request, lambda: begun[0]), begun[0])


class ExportsView(ExportView):
    """The reader's exports, newest first; POST with the parameters of a search asks for one."""

    def get(self, request: Request) -> Response:
        settle_streams(using=audit_settings().DATABASE, now=timezone.now())
        return Response({"results": [_told(each) for each in jobs.list_exports(request.user)]})

    def post(self, request: Request) -> Response:
        unknown = sorted(set(request.data) - {"csrfmiddlewaretoken"})
        if unknown:
            raise BadParameter(unknown[0], "Filters and format stand in the address, as in a GET.")
        form = parse_form(request.query_params)
        made = jobs.create_export(
            user=request.user,
            query=self.query(request, *PARAMETERS),
            form=form,
            said=_said(request),
            address=sender_address(request),
            now=timezone.now(),
        )
        told = _told(made)
        return Response(told, status=201, headers={"Location": told["url"], EXPORT_ID: told["id"]})


class OneExportView(ExportView):
    def get(self, request: Request, export_id: UUID) -> Response:
        return Response(_told(self.found(request, export_id)))

    def delete(self, request: Request, export_id: UUID) -> Response:
        """Cancel it, or delete it with its file."""
        if not jobs.cancel_export(request.user, export_id, now=timezone.now()):
            raise Http404
        return Response(status=204)


class ExportFileView(ExportView):
    def get(self, request: Request, export_id: UUID) -> StreamingHttpResponse:
        found = self.found(request, export_id)

        def begin() -> Iterator[bytes]:
            file = jobs.open_export(
                request.user,
                found,
                scope=self.scope(request),
                address=sender_address(request),
                now=timezone.now(),
            )
            return _blocks(file)

        answer = _download(_stream(begin, request, lambda: found), found)
        answer["Content-Length"] = str(found.bytes)
        # RFC 9530 section 3
        digest = b64encode(bytes.fromhex(found.sha256)).decode()
        answer["Repr-Digest"] = f"sha-256=:{digest}:"
        return answer


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _stream(
    begin: Callable[[], Iterator[bytes]], request: Request, export: Callable[[], Export]
) -> Stream:
    """Return a stream that ends when its reader may have the export no more. export: once begun"""
    return Stream(
        begin,
        person=request.user.pk,
        may_go_on=while_allowed(request, lambda user: jobs.may_still_have(user, export())),
    )


def _said(request: Request) -> str:
    """Return the filters as they were given."""
    said = request.query_params.copy()
    for name in PARAMETERS:
        said.pop(name, None)
    return said.urlencode()


def _download(pieces: Stream, made: Export) -> StreamingHttpResponse:
    """Return the answer that a browser saves under a name that sorts by time."""
    answer = download(
        pieces, file_name=jobs.file_name(made), media_type=jobs.form_of(made).media_type
    )
    answer[EXPORT_ID] = str(made.id)
    return answer


def _told(made: Export) -> dict[str, Any]:
    expires = jobs.expires_at(made)
    has_file = made.state == DONE and not made.is_streamed
    arguments = {"export_id": made.id}
    return {
        "id": str(made.id),
        "url": reverse("audit_rest:one_export", kwargs=arguments),
        "state": made.state,
        "is_streamed": made.is_streamed,
        "format": made.format,
        "has_end_line": made.has_end_line,
        "has_bom": made.has_bom,
        "evidence_of": made.evidence_of,
        "query": made.said,
        "asked_at": format_time(made.asked_at),
        "finished_at": format_time(made.finished_at) if made.finished_at else None,
        "expires_at": format_time(expires) if expires else None,
        "rows": made.rows,
        "expected_rows": made.expected_rows,
        "bytes": made.bytes,
        "sha256": made.sha256 or None,
        "error": made.error or None,
        "file": reverse("audit_rest:export_file", kwargs=arguments) if has_file else None,
    }

"""`/api/v1/events`: recording and searching, one event, counts, bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.conf import Scope, SenderKey, audit_settings
from audit.errors import BadParameter
from audit.query import (
    EventQuery,
    count_events,
    find_events,
    get_event,
    histogram,
    parse_query,
)
from audit.query.facets import FACETS, MAX_VALUES, Facet, find_facets
from audit.query.histogram import BY
from audit.query.pages import MAX_PAGE_SIZE
from audit.record.times import format_time

from .authentication import IngestKeyAuthentication, ReadTokenAuthentication, Session
from .media import JSONBody, JSONRenderer, NDJSONBody
from .parameters import not_among, parse_number
from .problems import handle
from .submit import submit

DEFAULT_PAGE_SIZE = 50
DEFAULT_VALUES = 10


class IsSomebody(BasePermission):
    """A sender with a key, or a reader who is known."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None or bool(request.user and request.user.is_authenticated)


class AuditView(APIView):
    """What all views of this API have in common; a host needs no REST_FRAMEWORK settings."""

    renderer_classes: Sequence[type[JSONRenderer]] = (JSONRenderer,)
    parser_classes = (JSONBody, NDJSONBody)
    permission_classes: Sequence[type[BasePermission]] = (IsSomebody,)
    authentication_classes: Sequence[type[BaseAuthentication]] = (ReadTokenAuthentication, Session)

    def get_exception_handler(self) -> Any:
        return handle

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> Any:
        raise NotAuthenticated("Send 'Authorization: Bearer <token>'.")

    def scope(self, request: Request) -> Scope:
        """What the reader may see: the one place where it is asked for."""
        return audit_settings().scope_of(request.user)

    def query(self, request: Request, *also: str) -> EventQuery:
        return parse_query(
            request.query_params, scope=self.scope(request), now=timezone.now(), also=also
        )


class EventsView(AuditView):
    def get_authenticators(self) -> list[BaseAuthentication]:
        if self.request is not None and self.request.method == "POST":
            return [IngestKeyAuthentication()]
        return super().get_authenticators()

    def post(self, request: Request) -> HttpResponse:
        return submit(request, cast(SenderKey, request.auth))

    def get(self, request: Request) -> Response:
        query = self.query(request, "cursor", "page_size")
        page = find_events(
            query,
            cursor=request.query_params.get("cursor") or None,
            page_size=parse_number(
                request.query_params, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE
            ),
        )
        back_to = page.searched_back_to
        return Response(
            {
                "next": page_address(request, page.next),
                "previous": page_address(request, page.previous),
                "results": page.results,
                "searched_back_to": format_time(back_to) if back_to else None,
                "complete": page.complete,
            }
        )


class EventView(AuditView):
    def get(self, request: Request, event_id: UUID) -> Response:
        document = get_event(event_id, scope=self.scope(request))
        if document is None:
            raise Http404
        return Response(document)


class CountView(AuditView):
    def get(self, request: Request) -> Response:
        count = count_events(self.query(request))
        return Response({"count": count.count, "is_capped": count.is_capped})


class HistogramView(AuditView):
    def get(self, request: Request) -> Response:
        by = request.query_params.get("by") or "type"
        if by not in BY:
            raise BadParameter("by", f"by {by[:64]!r} {not_among(by, BY)}")
        bars = histogram(self.query(request, "by"), by=by)
        return Response(
            {
                "interval": bars.interval,
                "zone": bars.zone,
                "by": bars.by,
                "total": bars.total,
                "buckets": [
                    {
                        "start": format_time(bucket.start),
                        "end": format_time(bucket.end),
                        "counts": bucket.counts,
                    }
                    for bucket in bars.buckets
                ],
            }
        )


class FacetsView(AuditView):
    def get(self, request: Request) -> Response:
        params = request.query_params
        names = [name for name in params.getlist("facet") if name]
        for name in names or ("",):
            if name not in FACETS:
                raise BadParameter("facet", f"facet {name[:64]!r} {not_among(name, FACETS)}")
        limit = parse_number(params, "limit", default=DEFAULT_VALUES, highest=MAX_VALUES)
        facets = find_facets(self.query(request, "facet", "limit"), names, limit=limit)
        return Response({"facets": [_facet(facet) for facet in facets]})


def _facet(facet: Facet) -> dict[str, Any]:
    back_to = facet.searched_back_to
    return {
        "facet": facet.name,
        "values": [
            {"value": value.value, "name": value.name, "count": value.count}
            for value in facet.values
        ],
        "total": facet.total,
        "without": facet.without,
        "complete": facet.complete,
        "searched_back_to": format_time(back_to) if back_to else None,
    }


def page_address(request: Request, cursor: str | None) -> str | None:
    """Return the address of another page of the same search."""
    if cursor is None:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")

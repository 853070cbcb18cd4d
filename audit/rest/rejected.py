"""`/api/v1/rejected`: what was refused, its counts, and its texts to be sent in again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from audit.abilities import has_all, places_of, require, scope_of
from audit.contracts import Scope
from audit.errors import BadParameter
from audit.ingest.formats import formats
from audit.query.rejected import RejectedQuery, count_rejected, find_rejected, rejected_lines
from audit.query.search.parameters import (
    check_names,
    parse_environments,
    parse_range,
    parse_senders,
)
from audit.vocabulary import unknown

from .events import AuditView, page_address
from .media import JSONRenderer, NDJSONRenderer
from .parameters import parse_number
from .streams import Stream, download, while_allowed

FILTERS = ("environment", "sender", "from", "to", "sent_as")
DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


class RejectedView(AuditView):
    def get(self, request: Request) -> Response:
        query = _query(request, "cursor", "page_size")
        params = request.query_params
        page = find_rejected(
            query,
            cursor=params.get("cursor") or None,
            page_size=parse_number(
                params, "page_size", default=DEFAULT_PAGE_SIZE, highest=MAX_PAGE_SIZE
            ),
            with_texts_of=places_of(request.user, "personal"),
        )
        return Response({"next": page_address(request, page.next), "results": page.results})


class RejectedCountsView(AuditView):
    def get(self, request: Request) -> Response:
        return Response({"results": count_rejected(_query(request))})


class RejectedDownloadView(AuditView):
    """NDJSON of the events alone: mend it, and post it to the endpoint that it was sent to."""

    renderer_classes = (NDJSONRenderer, JSONRenderer)

    def get(self, request: Request) -> StreamingHttpResponse:
        query = _query(request)
        require(request.user, "personal", query.scope)
        return download(
            Stream(
                lambda: rejected_lines(query),
                person=request.user.pk,
                may_go_on=while_allowed(request, lambda user: _may_have(user, query.scope)),
            ),
            file_name="rejected.ndjson",
            media_type=NDJSONRenderer.media_type,
        )


def _may_have(user: Any, scope: Scope) -> bool:
    return has_all(user, "rejected", scope) and has_all(user, "personal", scope)


def _query(request: Request, *also: str) -> RejectedQuery:
    params = request.query_params
    check_names(params, (*FILTERS, *also))
    start, end = parse_range(params, now=timezone.now())
    return RejectedQuery(
        scope=parse_environments(params, scope=scope_of(request.user, "rejected")),
        senders=parse_senders(params),
        start=start,
        end=end,
        sent_as=_one_of(params.get("sent_as", ""), formats()),
    )


def _one_of(value: str, words: Iterable[str]) -> str:
    if value and value not in words:
        raise BadParameter("sent_as", unknown("sent_as", value, words))
    return value

"""`/api/plugins/enterprise/audit-logs`: what Lowcoder's own client calls."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from audit.errors import BadParameter
from audit.query import histogram, turns
from audit.query.lowcoder import PAGING, LowcoderSearch, parse_lowcoder
from audit.query.numbered_pages import DEPTH, find_one, find_page
from audit.vocabulary import unknown

from ..events import AuditView
from .presenter import as_lowcoder

DEFAULT_PAGE_SIZE = 25
GROUP_BY = "groupByParam"
EVENT_TYPE = "eventTypeId"
CAPPED = "X-Total-Count-Capped"


class LowcoderView(AuditView):
    def asked(self, request: Request, *also: str) -> LowcoderSearch:
        return parse_lowcoder(
            request.query_params, scope=self.scope(request), now=timezone.now(), also=also
        )


@turns.searches
class AuditLogsView(LowcoderView):
    def get(self, request: Request) -> Response:
        asked = self.asked(request, *PAGING)
        size = _number(request, "pageSize", DEFAULT_PAGE_SIZE, DEPTH)
        number = _number(request, "pageNum", 1, 10**9)
        if (number - 1) * size >= DEPTH:
            raise BadParameter(
                "pageNum",
                f"pageNum {number:,} of {size:,} begins beyond the first {DEPTH:,} events; narrow "
                "the search by time, or page by cursor with /api/v1/events.",
            )
        if asked.event_id is not None:
            page = find_one(asked.query, asked.event_id)
            results = page.results if number == 1 else ()
        else:
            page = find_page(asked.query, number=number, size=size)
            results = page.results
        return Response(
            {"data": [as_lowcoder(each) for each in results], "totalCount": page.total},
            headers={CAPPED: "true" if page.is_capped else "false"},
        )


@turns.searches
class StatisticsView(LowcoderView):
    """How many of each type match, the most frequent first. Always exact."""

    def get(self, request: Request) -> Response:
        asked = self.asked(request, GROUP_BY, *PAGING)
        group_by = request.query_params.get(GROUP_BY) or EVENT_TYPE
        if group_by != EVENT_TYPE:
            raise BadParameter(GROUP_BY, unknown(GROUP_BY, group_by, [EVENT_TYPE]))
        return Response(
            {
                "data": [
                    {"eventType": code, "groupCountResult": count}
                    for code, count in _counts(asked).most_common()
                ]
            }
        )


def _counts(asked: LowcoderSearch) -> Counter[str]:
    if asked.event_id is not None:
        page = find_one(asked.query, asked.event_id)
        return Counter(document.type for document in page.results)
    counts: Counter[str] = Counter()
    bars = histogram(asked.query, by="type")
    if not bars.complete:
        raise BadParameter("fromTimestamp", "Counting took too long; choose a shorter range.")
    for bucket in bars.buckets:
        counts.update(bucket.counts)
    return counts


def _number(request: Request, name: str, default: int, limit: int) -> int:
    text = request.query_params.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= limit):
        raise BadParameter(name, f"{name} {text[:64]!r} is not a number from 1 to {limit:,}.")
    return int(text)

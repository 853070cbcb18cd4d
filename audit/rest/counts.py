"""`/api/v1/events/count`, `/histogram`, `/facets`: how many, when, and of what?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from audit.errors import BadParameter
from audit.log.times import format_time
from audit.query import count_events, histogram, turns
from audit.query.counts.facets import COUNTED, MAX_VALUES, CountedFacet, find_facets
from audit.query.counts.histogram import BY
from audit.vocabulary import unknown

from .events import AuditView
from .parameters import parse_number

DEFAULT_VALUES = 10


@turns.searches
class CountView(AuditView):
    def get(self, request: Request) -> Response:
        count = count_events(self.query(request))
        return Response({"count": count.count, "is_capped": count.is_capped})


@turns.searches
class HistogramView(AuditView):
    def get(self, request: Request) -> Response:
        by = request.query_params.get("by") or "type"
        if by not in BY:
            raise BadParameter("by", unknown("by", by, BY))
        bars = histogram(self.query(request, "by"), by=by)
        # Each instant is written once: it ends one bucket and begins the next.
        edges = [bucket.start for bucket in bars.buckets[:1]]
        edges += [bucket.end for bucket in bars.buckets]
        times = pairwise(format_time(edge) for edge in edges)
        return Response(
            {
                "interval": bars.interval,
                "zone": bars.zone,
                "by": bars.by,
                "total": bars.total,
                "buckets": [
                    {"start": start, "end": end, "counts": bucket.counts}
                    for bucket, (start, end) in zip(bars.buckets, times, strict=True)
                ],
            }
        )


@turns.searches
class FacetsView(AuditView):
    def get(self, request: Request) -> Response:
        params = request.query_params
        names = [name for name in params.getlist("facet") if name]
        for name in names or ("",):
            if name not in COUNTED:
                raise BadParameter("facet", unknown("facet", name, COUNTED))
        limit = parse_number(params, "limit", default=DEFAULT_VALUES, highest=MAX_VALUES)
        facets = find_facets(self.query(request, "facet", "limit"), names, limit=limit)
        return Response({"facets": [_told(facet) for facet in facets]})


def _told(facet: CountedFacet) -> dict[str, Any]:
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

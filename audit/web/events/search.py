"""Runs the search of an events page's URL, and tells what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from audit.contracts import Scope
from audit.errors import BadParameter
from audit.log.times import BadTime
from audit.query import (
    Count,
    EventQuery,
    Overview,
    Page,
    count_events,
    find_events,
    overview,
    parse_query,
)
from audit.query.counts.facets import CountedFacet, find_facets
from audit.query.counts.histogram import BY, TIMEOUT_SECONDS, By
from audit.query.counts.periods import count_span_types
from audit.query.counts.rollups import is_served
from audit.query.search.ahead_of_now import INSTANT, Ahead, find_ahead
from audit.query.search.moments import EARLIEST
from audit.query.search.pages import MAX_PAGE_SIZE
from audit.query.search.received import mark_received
from audit.vocabulary import nearest
from audit.web.parts.filter_rows import AT_SIDE
from audit.web.parts.typed_range import ALWAYS, DEFAULT_FROM, read_range

from .facets import MAX_VALUES

PAGE_SIZE = 50
# The table is there at once; nobody waits longer than this for the chart above it. Where the events
# themselves have to be counted, it may come after the page (`is_patient`).
CHART_SECONDS = 1.0
RAW_CHART_SECONDS = 0.04
DEFAULT_BY: By = "group"
# So many of the newest are looked at for what stands at the side, in a fifth of the time that all
# 10,000 take.
FACETS_OF = 2_000
# What the page itself reads, besides the filters.
OWN = ("by", "cursor", "folds", "page_size", "range")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """An address, read: what it asks for, and what of it was left out as wrong.

    params: the parameters that hold
    """

    params: QueryDict
    query: EventQuery
    by: By
    page_size: int
    problems: tuple[BadParameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """counted: the bars, and totals by each of BY; before: by type, of as long a time before, where
    that is known from what is already counted; facets: of the newest that match, none for none
    ahead: what of the matches is dated ahead of now; mark: what had been received
    """

    asked: SearchRequest
    page: Page
    count: Count
    counted: Overview
    before: Mapping[str, int] | None
    facets: tuple[CountedFacet, ...]
    ahead: Ahead | None
    mark: str


def search(
    params: QueryDict, *, scope: Scope, zone: ZoneInfo, now: datetime, is_patient: bool = False
) -> SearchResult:
    """Return what the address finds. A parameter that is wrong is left out and told of.

    is_patient: counting for the chart may take as long as it does for anybody
    """
    asked = read_address(params, scope=scope, zone=zone, now=now)
    cursor = asked.params.get("cursor")
    # Before the page is read: what comes in between is counted as new rather than never.
    mark = mark_received(asked.query)
    try:
        page = find_events(asked.query, cursor=cursor, page_size=asked.page_size)
    except BadParameter as problem:
        asked = read_address(
            _without(asked.params, "cursor"),
            scope=scope,
            zone=zone,
            now=now,
            problems=(*asked.problems, problem),
        )
        page = find_events(asked.query, cursor=None, page_size=asked.page_size)
    at_once = CHART_SECONDS if is_served(asked.query) else RAW_CHART_SECONDS
    counted = overview(
        asked.query,
        by=asked.by,
        totals_by=BY,
        now=now,
        has_minutes=True,
        timeout_seconds=TIMEOUT_SECONDS if is_patient else at_once,
    )
    is_counted = counted.bars.complete
    facets = (
        find_facets(asked.query, AT_SIDE, limit=MAX_VALUES, newest=FACETS_OF, now=now)
        if page.results
        else ()
    )
    return SearchResult(
        asked=asked,
        page=page,
        count=_count(asked.query, counted, facets),
        counted=counted,
        before=_before(asked.query, now) if is_counted else None,
        facets=facets,
        ahead=find_ahead(asked.query, now=now) if _may_be_ahead(page, counted, now) else None,
        mark=mark,
    )


def _may_be_ahead(page: Page, counted: Overview, now: datetime) -> bool:
    """Does anything that is known already end ahead of now?"""
    buckets = counted.bars.buckets
    newest = datetime.fromisoformat(page.results[0].time) if page.results else now
    return newest > now or bool(buckets and buckets[-1].end > now + INSTANT)


def _count(query: EventQuery, counted: Overview, facets: Sequence[CountedFacet]) -> Count:
    """As many as were counted for the chart, or at least those that the side counts are of."""
    if counted.bars.complete:
        return Count(count=counted.bars.total, is_capped=False)
    if facets:
        return Count(count=facets[0].total, is_capped=not facets[0].complete)
    return count_events(query)


def read_address(
    params: QueryDict,
    *,
    scope: Scope,
    zone: ZoneInfo,
    now: datetime,
    problems: Sequence[BadParameter] = (),
) -> SearchRequest:
    """Each turn either reads the address or takes one parameter out of it, so it ends."""
    problems = list(problems)
    while True:
        try:
            return SearchRequest(
                params=params,
                query=parse_query(
                    _with_range(params, zone=zone, now=now), scope=scope, now=now, also=OWN
                ),
                by=_by(params),
                page_size=_page_size(params),
                problems=tuple(problems),
            )
        except BadParameter as problem:
            if problem.parameter not in params:
                raise
            problems.append(problem)
            params = _without(params, problem.parameter)


def _with_range(params: QueryDict, *, zone: ZoneInfo, now: datetime) -> QueryDict:
    """The address as the query knows it: no range means the last day, "always" no bound."""
    if "range" in params:
        try:
            read_range(params.get("range", ""), zone=zone, now=now)
        except BadTime as error:
            raise BadParameter("range", f"{error}.") from None
    if "from" not in params and "to" not in params:
        given = params.copy()
        given["from"] = DEFAULT_FROM
        return given
    return _without(params, "from") if params.get("from") == ALWAYS else params


def _before(query: EventQuery, now: datetime) -> Mapping[str, int] | None:
    if query.start is None or not is_served(query):
        return None
    width = (query.end or now) - query.start
    if not timedelta() < width <= query.start - EARLIEST:
        return None
    return count_span_types(replace(query, start=query.start - width, end=query.start))


def _without(params: QueryDict, name: str) -> QueryDict:
    rest = params.copy()
    rest.pop(name, None)
    return rest


def _by(params: QueryDict) -> By:
    text = params.get("by") or DEFAULT_BY
    if text in BY:
        return text
    like = nearest(text, BY)
    hint = _("did you mean “%(word)s”?") if like else _("it is one of %(words)s.")
    raise BadParameter("by", f"by {text[:64]!r}: {hint % {'word': like, 'words': ', '.join(BY)}}")


def _page_size(params: QueryDict) -> int:
    text = params.get("page_size") or str(PAGE_SIZE)
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE_SIZE:
        return int(text)
    raise BadParameter(
        "page_size",
        _("page_size “%(text)s” is not a number from 1 to %(most)s.")
        % {"text": text[:64], "most": MAX_PAGE_SIZE},
    )

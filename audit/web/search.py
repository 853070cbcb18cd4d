"""What does one address of the events page find, and what is wrong with the address?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from audit.conf import Scope
from audit.errors import BadParameter
from audit.query import (
    Count,
    EventQuery,
    Histogram,
    Page,
    count_events,
    find_events,
    histogram,
    parse_query,
)
from audit.query.histogram import BY, By
from audit.query.pages import MAX_PAGE_SIZE
from audit.vocabulary import nearest

PAGE_SIZE = 50
DEFAULT_BY: By = "group"
# What the page itself reads, besides the filters.
OWN = ("by", "cursor", "page_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An address, read: what it asks for, and what of it was left out as wrong.

    params: the parameters that hold
    """

    params: QueryDict
    query: EventQuery
    by: By
    page_size: int
    problems: tuple[BadParameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    asked: Asked
    page: Page
    count: Count
    histogram: Histogram


def search(params: QueryDict, *, scope: Scope, now: datetime) -> Found:
    """Return what the address finds. A parameter that is wrong is left out and told of."""
    asked = _read(params, scope=scope, now=now)
    try:
        page = find_events(
            asked.query, cursor=asked.params.get("cursor"), page_size=asked.page_size
        )
    except BadParameter as problem:
        asked = _read(
            _without(asked.params, "cursor"),
            scope=scope,
            now=now,
            problems=(*asked.problems, problem),
        )
        page = find_events(asked.query, cursor=None, page_size=asked.page_size)
    return Found(
        asked=asked,
        page=page,
        count=count_events(asked.query),
        histogram=histogram(asked.query, by=asked.by, now=now),
    )


def _read(
    params: QueryDict, *, scope: Scope, now: datetime, problems: Sequence[BadParameter] = ()
) -> Asked:
    """Each turn either reads the address or takes one parameter out of it, so it ends."""
    problems = list(problems)
    while True:
        try:
            return Asked(
                params=params,
                query=parse_query(params, scope=scope, now=now, also=OWN),
                by=_by(params),
                page_size=_page_size(params),
                problems=tuple(problems),
            )
        except BadParameter as problem:
            if problem.parameter not in params:
                raise
            problems.append(problem)
            params = _without(params, problem.parameter)


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

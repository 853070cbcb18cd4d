"""Presents what a search found as the events page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from audit.abilities import has_all, those_of
from audit.contracts import Scope
from audit.query import Count, EventQuery
from audit.query.counts.facets import CountedFacet
from audit.query.counts.histogram import BY, NO_OUTCOME, By
from audit.web.exports.page import ExportMenu, export_menu
from audit.web.parts.charts import Chart, bar_chart
from audit.web.parts.filter_rows import is_filter
from audit.web.parts.filters import Chip, chips
from audit.web.parts.known_names import known_names
from audit.web.parts.labels import Environments
from audit.web.parts.moments import Moment, moment
from audit.web.parts.same_names import told_apart
from audit.web.parts.text import count_text, thin, visible
from audit.web.parts.time_range import RangePicker, absolute, range_picker
from audit.web.parts.url import Address, Pair
from audit.web.parts.viewer import Viewer
from audit.web.saved_views.menu import ViewsMenu, views_menu

from .ahead_of_now import ahead_words
from .columns import Column, columns_of
from .empty import Empty, explain
from .facets import Facet, Sample, facet
from .figures import Figure, TypeShare, count_figures, most_frequent
from .new_events import new_path
from .pick import PickForm, pick_form
from .presenters import names_in
from .rows import EventRows, event_rows
from .search import SearchResult, read_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A parameter that was left out, and why."""

    parameter: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of a few ways to see the same search."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsPage:
    """older, newer: addresses of the neighbouring pages; searched_back_to: how far a search that
    ran out of its budget has looked, then `older` goes on from there
    by_id_at: events of this time stand in the order of their ids
    link: what shows to anybody what is seen here; folding: the same search, folded or not
    words: what is searched for as text; kept: what the form of the range sends along, the range
        that is shown, too
    empty: why there are no rows, where there are none; new_path: how many events came since
    ahead: that some of the events are dated ahead of now, and by whose clock
    link_note: what the link shows
    chart_path: what answers with the chart, where that takes longer than the page; else empty
    """

    problems: tuple[Problem, ...]
    range: RangePicker
    chips: tuple[Chip, ...]
    unfiltered: str
    link: str
    link_note: str
    count: str
    ahead: str
    is_one: bool
    figures: tuple[Figure, ...]
    most: tuple[TypeShare, ...]
    chart: Chart | None
    stacks: tuple[Option, ...]
    facets: tuple[Facet, ...]
    columns: tuple[Column, ...]
    rows: EventRows
    folds: bool
    folding: str
    older: str | None
    newer: str | None
    newest: str | None
    searched_back_to: Moment | None
    by_id_at: Moment | None
    words: str
    kept: tuple[Pair, ...]
    empty: Empty | None
    new_path: str
    chart_path: str
    views: ViewsMenu
    export: ExportMenu | None
    may_export: bool
    pick: PickForm


def events_page(
    found: SearchResult,
    *,
    path: str,
    scope: Scope,
    environments: Environments,
    viewer: Viewer,
    user: Any,
    now: datetime,
) -> EventsPage:
    """scope: all that the viewer sees, whatever the address asks for"""
    asked, page = found.asked, found.page
    address = Address.of(path, dict(asked.params.lists()))
    start, end = asked.query.start, asked.query.end
    back_to = page.searched_back_to if not page.complete else None
    folds = address.values("folds") != ("0",) if address.values("folds") else viewer.folds
    folding = str(address.only(folds="0" if folds else "1"))
    columns = columns_of(viewer.columns)
    names = known_names(address, names_in(page.results), scope=scope)
    link = absolute(address, start=start, end=end)
    on = chips(address, environments=environments, names=names)
    seen = environments.in_order(asked.query.scope.environments)
    may_export = has_all(user, "export", asked.query.scope)
    return EventsPage(
        problems=tuple(
            Problem(parameter=visible(p.parameter[:64]), message=visible(p.message))
            for p in asked.problems
        ),
        range=range_picker(address, start=start, end=end, zone=viewer.zone, now=now),
        chips=on,
        unfiltered=str(unfiltered(address)),
        link=link,
        link_note=_link_note(asked.query),
        count=count_text(found.count.count, is_capped=found.count.is_capped),
        ahead=ahead_words(found.ahead),
        is_one=found.count == Count(count=1, is_capped=False),
        figures=count_figures(found),
        most=most_frequent(found.counted.totals["type"], found.before, address=address),
        chart=_chart(found, address, environments, viewer, now),
        stacks=tuple(
            Option(
                label=_stack_label(by),
                href=str(address.only(by=by)),
                is_chosen=by == asked.by,
            )
            for by in BY
        ),
        facets=_facets(found, address, environments, names, viewer, scope),
        columns=columns,
        rows=EventRows(
            event_rows(
                page.results,
                address=address,
                columns=columns,
                environments=environments,
                zone=viewer.zone,
                folds=folds,
            ),
            folding=folding,
        ),
        folds=folds,
        folding=folding,
        older=str(address.at(page.next)) if page.next else None,
        newer=str(address.at(page.previous)) if page.previous else None,
        newest=str(address.only(cursor=None)) if address.values("cursor") else None,
        searched_back_to=moment(back_to, viewer.zone) if back_to else None,
        by_id_at=moment(page.by_id_at, viewer.zone) if page.by_id_at else None,
        words=visible(" ".join(address.values("q"))),
        kept=address.only(range=None).pairs,
        empty=explain(
            asked.query,
            on,
            address=address,
            read=lambda other: (
                read_address(other.query_dict(), scope=scope, zone=viewer.zone, now=now).query
            ),
            zone=viewer.zone,
        )
        if not page.results and page.complete
        else None,
        new_path=new_path(address, found.mark),
        chart_path="" if found.counted.bars.complete else str(address.only(part="chart")),
        views=views_menu(user, address, scope=scope),
        export=export_menu(
            link,
            count=found.count.count,
            is_capped=found.count.is_capped,
            environments=seen,
            evidence=[environments.tag(key) for key in those_of(user, "evidence", seen)],
        )
        if found.count.count and may_export
        else None,
        may_export=may_export,
        pick=pick_form(address),
    )


def _link_note(query: EventQuery) -> str:
    if query.end is None:
        return _("A link that shows anybody what is seen now, and what comes after it")
    return _("A link that shows anybody, at any time, what is seen now")


def unfiltered(address: Address) -> Address:
    """Return the address of the same stretch of time, everything in it."""
    return Address(
        path=address.path,
        pairs=tuple(p for p in address.pairs if not is_filter(p[0]) and p[0] != "cursor"),
    )


def _chart(
    found: SearchResult, address: Address, environments: Environments, viewer: Viewer, now: datetime
) -> Chart | None:
    bars = found.counted.bars
    if not bars.buckets or not bars.total:
        return None
    return bar_chart(
        bars.buckets,
        interval=bars.interval,
        zone=bars.zone,
        by=found.asked.by,
        address=address,
        environments=environments,
        now=now,
        own_zone=viewer.zone,
    )


def _facets(
    found: SearchResult,
    address: Address,
    environments: Environments,
    names: Mapping[Pair, str],
    viewer: Viewer,
    scope: Scope,
) -> tuple[Facet, ...]:
    counted: Sequence[By] = ("environment", "type", "outcome")
    made = [
        facet(name, _told(found.counted.totals[name]), address=address, environments=environments)
        for name in counted
    ]
    made += [
        facet(
            each.name,
            [(value.value, value.count) for value in each.values],
            address=address,
            environments=environments,
            names={**names, **{(each.name, v.value): v.name for v in each.values if v.name}},
            sample=_sample(each, viewer),
            apart=partial(
                told_apart,
                each.name,
                scope=scope,
                environments=environments,
                sent_into={value.value: value.environment for value in each.values},
            ),
        )
        for each in found.facets
    ]
    return tuple(each for each in made if each is not None)


def _sample(counted: CountedFacet, viewer: Viewer) -> Sample | None:
    if counted.complete:
        return None
    back_to = counted.searched_back_to
    return Sample(
        of=_("of the newest %(count)s") % {"count": thin(counted.total)},
        since=_("back to %(time)s") % {"time": moment(back_to, viewer.zone).text}
        if back_to
        else "",
    )


def _told(totals: Mapping[str, int]) -> dict[str, int]:
    """Key → how many; what has no outcome has nothing to filter by."""
    return {key: count for key, count in totals.items() if key != NO_OUTCOME}


def _stack_label(by: str) -> str:
    return {
        "type": _("type"),
        "group": _("group"),
        "environment": _("environment"),
        "outcome": _("outcome"),
    }[by]

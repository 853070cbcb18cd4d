"""What does the events page show of what was found?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.query import Count
from audit.query.histogram import BY

from .address import Address
from .charts import Chart, bar_chart
from .filters import Chip, FilterForm, chips, filter_form
from .labels import Environments
from .moments import Moment, moment
from .presenters import Row, event_rows, names_in
from .search import Found
from .text import thin, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A parameter that was left out, and why."""

    parameter: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One way to stack the chart."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsPage:
    """older, newer: addresses of the neighbouring pages; searched_back_to: how far a search that
    ran out of its budget has looked, then `older` goes on from there
    """

    problems: tuple[Problem, ...]
    form: FilterForm
    chips: tuple[Chip, ...]
    unfiltered: str
    count: str
    is_one: bool
    chart: Chart | None
    stacks: tuple[Stack, ...]
    rows: tuple[Row, ...]
    older: str | None
    newer: str | None
    newest: str | None
    searched_back_to: Moment | None


def events_page(
    found: Found,
    *,
    path: str,
    seen: Sequence[str],
    environments: Environments,
    zone: ZoneInfo,
    now: datetime,
) -> EventsPage:
    """seen: keys of the environments in the viewer's scope."""
    asked, page, bars = found.asked, found.page, found.histogram
    address = Address.of(path, dict(asked.params.lists()))
    back_to = page.searched_back_to if not page.complete else None
    return EventsPage(
        problems=tuple(
            Problem(parameter=visible(p.parameter[:64]), message=visible(p.message))
            for p in asked.problems
        ),
        form=filter_form(address, seen=seen, environments=environments, zone=zone),
        chips=chips(address, environments=environments, zone=zone, names=names_in(page.results)),
        unfiltered=path,
        count=_count_text(found.count),
        is_one=found.count == Count(count=1, is_capped=False),
        chart=bar_chart(
            bars.buckets,
            interval=bars.interval,
            zone=bars.zone,
            by=asked.by,
            address=address,
            environments=environments,
            now=now,
        )
        if bars.buckets
        else None,
        stacks=tuple(
            Stack(
                label=_stack_label(by),
                href=str(address.only(by=by)),
                is_chosen=by == asked.by,
            )
            for by in BY
        ),
        rows=event_rows(page.results, address=address, environments=environments, zone=zone),
        older=str(address.at(page.next)) if page.next else None,
        newer=str(address.at(page.previous)) if page.previous else None,
        newest=str(address.only(cursor=None)) if address.values("cursor") else None,
        searched_back_to=moment(back_to, zone) if back_to else None,
    )


def _count_text(count: Count) -> str:
    """ "10 000+" where there may be more."""
    return f"{thin(count.count)}+" if count.is_capped else thin(count.count)


def _stack_label(by: str) -> str:
    return {
        "type": _("type"),
        "group": _("group"),
        "environment": _("environment"),
        "outcome": _("outcome"),
    }[by]

"""Finds what happened around an event: in its session, by its user, to its resource."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.contracts import Scope
from audit.query import EventQuery, Page, find_events
from audit.vocabulary import EVENT_TYPES, types_with
from audit.vocabulary.document import Document
from audit.web.parts.charts import group_class
from audit.web.parts.labels import Environments, type_label
from audit.web.parts.moments import Moment, moment, to_utc
from audit.web.parts.text import thin
from audit.web.parts.url import Address

from .rows import EventRow, event_path, event_rows

NEAR = timedelta(minutes=5)
SESSION = timedelta(hours=24)
CHAIN = timedelta(hours=1)
MOST_ROWS = 12
MOST_OF_A_LIFE = 200
MOST_STAGES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Some events that belong together. more: the address that shows all of them"""

    title: str
    rows: tuple[EventRow, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One or more of the same kind in a row in a thing's life.

    is_here: the event that is looked at is among them
    colour: a class of the style sheet, of the event's group
    """

    label: str
    count: str
    first: Moment
    last: Moment
    href: str
    is_here: bool
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Oldest first. is_cut: there is more, before these"""

    stages: tuple[Stage, ...]
    more: str
    is_cut: bool


def around(
    document: Document, *, scope: Scope, environments: Environments, zone: ZoneInfo
) -> tuple[Around, ...]:
    """Return its session, its request, its trace, and the minutes of its user."""
    at = datetime.fromisoformat(document.time)
    context, actor = document.context, document.actor
    asked = (
        (_("The same request"), "request_id", context.request_id, CHAIN),
        (_("The same trace"), "trace", context.trace, CHAIN),
        (_("The same session"), "session", context.session, SESSION),
        (_("The same user, ± 5 minutes"), "actor", actor and actor.id, NEAR),
    )
    found = []
    for title, name, value, width in asked:
        if not value:
            continue
        query = EventQuery(
            scope=_only(scope, document.environment),
            include={name: (value,)},
            start=at - width,
            end=at + width,
        )
        page = find_events(query, cursor=None, page_size=MOST_ROWS)
        if any(each.id != document.id for each in page.results):
            address = _address(document, name, value)
            between = {"from": to_utc(at - width), "to": to_utc(at + width)}
            found.append(
                Around(
                    title=title,
                    rows=_rows(page, address, environments, zone),
                    more=str(address.only(**between)),
                )
            )
    return tuple(found)


def life(document: Document, *, scope: Scope, zone: ZoneInfo) -> Life | None:
    """Return what became of the resource (else the app) of an event; None where it has neither."""
    name, id_ = _thing(document)
    if not id_:
        return None
    # What only looks at a thing is no part of its life.
    looks = types_with("look")
    query = EventQuery(
        scope=_only(scope, document.environment),
        include={name: (id_,), "type": tuple(c for c in EVENT_TYPES if c not in looks)},
    )
    page = find_events(query, cursor=None, page_size=MOST_OF_A_LIFE)
    if len(page.results) < 2:
        return None
    stages = []
    for code, group in groupby(reversed(page.results), key=lambda each: each.type):
        events = list(group)
        single = len(events) == 1
        address = _address(document, name, id_).only(type=code)
        stages.append(
            Stage(
                label=type_label(code),
                count="" if single else f"× {thin(len(events))}",
                first=moment(events[0].time, zone),
                last=moment(events[-1].time, zone),
                href=event_path(events[0].id) if single else str(address),
                is_here=any(each.id == document.id for each in events),
                colour=group_class(events[0].group),
            )
        )
    return Life(
        stages=tuple(stages[-MOST_STAGES:]),
        more=str(_address(document, name, id_)),
        is_cut=page.next is not None or len(stages) > MOST_STAGES,
    )


def _thing(document: Document) -> tuple[str, str | None]:
    """Return a filter and the id that it is to have."""
    resource, application = document.resource, document.application
    if resource and resource.id and resource.type not in ("application", "app"):
        return "resource", resource.id
    thing = application if application and application.id else resource
    return "application", thing.id if thing else None


def _rows(
    page: Page, address: Address, environments: Environments, zone: ZoneInfo
) -> tuple[EventRow, ...]:
    rows = event_rows(
        page.results, address=address, columns=(), environments=environments, zone=zone
    )
    return tuple(replace(row, href=row.link) for row in rows)


def _address(document: Document, name: str, value: str) -> Address:
    return Address(
        path=reverse("audit_web:events"),
        pairs=(("environment", document.environment), (name, value), ("from", "always")),
    )


def _only(scope: Scope, environment: str) -> Scope:
    return Scope(grants={key: scope.grants[key] for key in scope.grants if key == environment})

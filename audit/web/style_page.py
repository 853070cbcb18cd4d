"""Shows every component in every state, for those who change the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Raw

from audit.conf import audit_settings
from audit.facets import EXCLUDE
from audit.query import Bucket
from audit.query.counts.histogram import BY
from audit.vocabulary import EVENT_TYPES, GROUPS, OUTCOMES, event_type
from audit.vocabulary.document import (
    Actor,
    Application,
    Device,
    Document,
    FieldChange,
    Place,
    Sender,
    Workspace,
)
from audit.web.events.changes import ShownChange, changes_of
from audit.web.events.columns import Column, columns_of
from audit.web.events.rows import EventRows, event_rows
from audit.web.parts.charts import Chart, bar_chart
from audit.web.parts.filter_rows import filter_label
from audit.web.parts.filters import Chip
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Tag
from audit.web.parts.url import Address
from audit.web.parts.viewer import is_staff, viewer_of
from audit.web.shell.page import page

DAY = timedelta(days=1)
# A whole week in which each group has its turn, and the last day is not over.
START = datetime(2026, 3, 1, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\u202etxt.exe " + "W" * 90


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePage:
    """What the templates of the other pages are shown with here."""

    tags: tuple[Tag, ...]
    charts: tuple[Chart, ...]
    columns: tuple[Column, ...]
    rows: EventRows
    changes: tuple[ShownChange, ...]
    chips: tuple[Chip, ...]


@page
def style(request: HttpRequest) -> HttpResponse:
    """Show it to staff; 403 for everybody else."""
    if not is_staff(request.user):
        raise PermissionDenied
    zone = viewer_of(request).zone
    address = Address(path=reverse("audit_web:events"))
    environments = Environments()
    known = [each.key for each in audit_settings().list_environments()]
    columns = columns_of(())
    shown = StylePage(
        tags=tuple(environments.tag(key) for key in (*known, "unknown")),
        charts=tuple(
            bar_chart(
                _buckets(by, known),
                interval="day",
                zone="UTC",
                by=by,
                address=address,
                environments=environments,
                now=START + 6.5 * DAY,
            )
            for by in BY
        ),
        columns=columns,
        rows=EventRows(
            event_rows(
                [_document(n, outcome, known) for n, outcome in enumerate((*OUTCOMES, None))],
                address=address,
                columns=columns,
                environments=environments,
                zone=zone,
            ),
            folding="",
        ),
        changes=changes_of(
            [
                FieldChange("title", "The quick red fox", "The quick brown fox"),
                FieldChange("settings", {"a": 2, "here": [1]}, {"a": 1, "gone": True}),
                FieldChange("name", HOSTILE),
                FieldChange("limit", "1", 1),
                FieldChange("query", "SELECT 1,\n\t2\nFROM a", "SELECT 1\nFROM a"),
                FieldChange("dsl", '{"rows": [1, 2]}', ""),
            ]
        ),
        chips=(_chip("application", is_excluding=False), _chip("actor", is_excluding=True)),
    )
    return render(request, "audit/style.html", {"page": shown})


def _chip(name: str, *, is_excluding: bool) -> Chip:
    parameter = EXCLUDE + name if is_excluding else name
    return Chip(
        label=filter_label(parameter),
        value="Orders",
        href="#chips",
        turned="#chips",
        is_excluding=is_excluding,
        pair=(parameter, "orders"),
    )


def _buckets(by: str, environments: list[str]) -> list[Bucket]:
    series = {
        "type": [code for code in EVENT_TYPES if event_type(code).group == "applications"],
        "group": list(GROUPS),
        "environment": environments or ["unknown"],
        "outcome": [*OUTCOMES, "none"],
    }[by]
    return [
        Bucket(
            start=START + day * DAY,
            end=START + (day + 1) * DAY,
            counts={key: (day + 2) * (place + 1) for place, key in enumerate(series) if day != 3},
        )
        for day in range(7)
    ]


def _document(number: int, outcome: str | None, environments: list[str]) -> Document:
    """An event as a search finds it; the last one is hostile."""
    is_last = outcome is None
    return Document(
        id=f"019caa11-2b3c-7d4e-8f5a-00000000000{number}",
        time=(START + number * timedelta(minutes=7)).isoformat(),
        type="APPLICATION_UPDATE",
        outcome=outcome,
        environment=environments[number % len(environments)] if environments else "unknown",
        workspace=Workspace(id="ws-1", name="Sales"),
        actor=Actor(id="u-1", name=HOSTILE if is_last else "Ann Keller"),
        application=Application(id="app-1", name=HOSTILE if is_last else "Orders"),
        sender=Sender(id=1, name="lowcoder"),
        raw_client=_raw(
            Device(agent_name="Safari", operating_system_name="iOS", device_class="Phone")
        ),
        raw_place=_raw(Place(kind="city", city="Lyon", country="FR")),
        position=number,
    )


def _raw(value: Device | Place) -> Raw:
    return Raw(msgspec.json.encode(value))

"""The pages that compare environments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.conf import audit_settings
from audit.query.attention import without_system
from audit.query.compare.comparison import Comparison, compare_subjects, compare_types
from audit.query.compare.comparison import time_lines as find_time_lines
from audit.query.compare.permissions import compare_permissions
from audit.query.counts.periods import day_of
from audit.query.search.ahead_of_now import find_ahead
from audit.query.search.moments import installation_zone
from audit.query.turns import searches
from audit.web.parts.labels import Environments
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import page

from .csv_table import csv_text, matrix_csv
from .page import compare_page
from .permissions import cell_words, difference_note, permission_table
from .rows import column_names
from .time_lines import TimeLines, time_lines
from .url import ComparisonRequest, read_address


@searches
@page
def compare(request: HttpRequest) -> HttpResponse:
    """The comparison that the address says; 400 where part of the address is wrong."""
    now = timezone.now()
    zone = viewer_of(request).zone
    environments = Environments()
    asked = read_address(
        Address.of(request.path, dict(request.GET.lists())),
        scope=without_system(audit_settings().resolve_scope(request.user)),
        environments=environments,
        zone=zone,
        now=now,
    )
    zone = _zone_of(asked, zone)
    if asked.by == "permission":
        return _permissions(request, asked, environments, zone)
    found = _compared(asked)
    if asked.as_csv:
        return _file(matrix_csv(asked, found, environments=environments), asked)
    shown = compare_page(
        asked,
        found,
        time_lines=_time_lines(asked, environments, zone, now),
        ahead=find_ahead(asked.query.whole, now=now) if asked.query.columns else None,
        environments=environments,
        zone=zone,
    )
    status = 400 if shown.problems else 200
    return render(request, "audit/compare.html", {"page": shown}, status=status)


def _zone_of(asked: ComparisonRequest, own: ZoneInfo) -> ZoneInfo:
    """Whole days are the installation's; hours are shown in the zone of who looks."""
    days = installation_zone()
    bounds = (moment for c in asked.query.columns for moment in (c.start, c.end))
    return days if all(day_of(moment, days) == moment for moment in bounds) else own


def _compared(asked: ComparisonRequest) -> Comparison:
    if not asked.query.columns:
        return Comparison(columns=(), lines=(), totals=())
    if asked.by == "type":
        return compare_types(asked.query)
    assert asked.by != "permission"  # has a page of its own
    return compare_subjects(asked.query, asked.by)


def _permissions(
    request: HttpRequest, asked: ComparisonRequest, environments: Environments, zone: ZoneInfo
) -> HttpResponse:
    found = compare_permissions(asked.query)
    names = column_names(asked, environments)
    if asked.as_csv:
        rows = [
            [r.thing_kind, r.thing, r.holder_kind, r.holder,
             *map(cell_words, r.cells), difference_note(r, names)]
            for r in found.rows
            if r.differs or not asked.only_differences
        ]  # fmt: skip
        head = ["kind", "name", "holder kind", "holder", *names, "difference"]
        return _file(csv_text(head, rows), asked)
    empty = Comparison(columns=asked.query.columns, lines=(), totals=(0,) * len(names))
    shown = compare_page(
        asked, empty, time_lines=None, ahead=None, environments=environments, zone=zone
    )
    table = permission_table(found, names=names, only_differences=asked.only_differences)
    status = 400 if shown.problems else 200
    context = {"page": shown, "table": table}
    return render(request, "audit/compare.html", context, status=status)


def _time_lines(
    asked: ComparisonRequest, environments: Environments, zone: ZoneInfo, now: datetime
) -> TimeLines | None:
    names = column_names(asked, environments)
    return time_lines(
        asked.query.columns,
        find_time_lines(asked.query, now=now),
        tags=[
            replace(environments.tag(column.environment), name=name)
            for column, name in zip(asked.query.columns, names, strict=True)
        ],
        events=Address(path=reverse("audit_web:events"), pairs=asked.filters),
        zone=zone,
    )


def _file(text: str, asked: ComparisonRequest) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="comparison-by-{asked.by}.csv"'
    return response

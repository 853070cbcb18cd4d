"""The pages that follow versions from environment to environment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.conf import audit_settings
from audit.errors import BadParameter
from audit.query import EventQuery
from audit.query.attention import without_system
from audit.query.compare.drift import find_app, find_copies
from audit.query.compare.promotions import find_promotions, listed_environments
from audit.query.search.ahead_of_now import open_end
from audit.query.turns import searches
from audit.web.parts.labels import Environments
from audit.web.parts.left_out import known_pairs, problems_of
from audit.web.parts.period import preset_links, read_period
from audit.web.parts.time_spans import stretch_words, to_the_minute
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import page

from .app_page import app_page
from .page import line_table, promotions_form

DEFAULT_FROM = "-30d"
PARAMETERS = ("from", "to", "was_from", "was_to", "flagged", "app", "workspace", "cursor")
APP_PARAMETERS = ("key", "cursor")
APP_DAYS = timedelta(days=365)


@searches
@page
def promotions(request: HttpRequest) -> HttpResponse:
    """Every app's way along the path; 400 where part of the address is wrong."""
    now, zone, environments = timezone.now(), viewer_of(request).zone, Environments()
    address, problems = _address(request, PARAMETERS)
    scope = without_system(audit_settings().resolve_scope(request.user))
    period, address, wrong = read_period(
        address,
        default=DEFAULT_FROM,
        zone=zone,
        now=now,
        open_end=lambda: open_end(EventQuery(scope=scope), now=now),
    )
    said = {name: values[-1] for name in ("from", "to") if (values := address.values(name))}
    found = find_promotions(
        scope=scope,
        start=period.start,
        end=period.end,
        workspaces=address.values("workspace"),
    )
    form = promotions_form(address, period, presets=preset_links(address, default=DEFAULT_FROM))
    table = line_table(
        found,
        address=address,
        only_flagged=form.only_flagged,
        app=form.app,
        environments=environments,
        zone=zone,
    )
    context = {
        "problems": problems_of([*problems, *wrong]),
        "form": form,
        "table": table,
        "period": stretch_words(
            to_the_minute(period.start, said.get("from", DEFAULT_FROM)),
            to_the_minute(period.end, said.get("to", "")),
            zone,
        ),
    }
    status = 400 if context["problems"] else 200
    return render(request, "audit/promotions.html", context, status=status)


@searches
@page
def app(request: HttpRequest) -> HttpResponse:
    """One app; 404 alike where it isn't and where nothing of it may be seen."""
    now, zone, environments = timezone.now(), viewer_of(request).zone, Environments()
    address, problems = _address(request, APP_PARAMETERS)
    scope = without_system(audit_settings().resolve_scope(request.user))
    known = find_app((address.values("key") or ("",))[-1], scope=scope)
    if known is None:
        raise Http404
    copies = find_copies(known, scope=scope, environments=listed_environments(scope))
    if all(copy.change is None for copy in copies):
        # Its name is known from a workspace that the viewer doesn't see.
        raise Http404
    found = find_promotions(
        scope=scope,
        start=now - APP_DAYS,
        end=now,
        application_ids=tuple(dict.fromkeys(id_ for _key, id_ in known.ids)),
        with_all_edits=True,
    )
    table = line_table(
        found, address=address, only_flagged=False, app=known.key, environments=environments,
        zone=zone,
    )  # fmt: skip
    shown = app_page(known, copies, table, environments=environments, zone=zone)
    context = {"problems": problems_of(problems), "page": shown}
    return render(request, "audit/app.html", context, status=400 if problems else 200)


def _address(request: HttpRequest, known: Iterable[str]) -> tuple[Address, list[BadParameter]]:
    """Return the address without what is wrong in it, and what that is."""
    asked = Address.of(request.path, dict(request.GET.lists()))
    address, problems = known_pairs(asked, known)
    for value in address.values("cursor"):
        try:
            UUID(value)
        except ValueError:
            problems.append(BadParameter("cursor", _("The cursor is none of ours.")))
            address = address.only(cursor=None)
    return address, problems

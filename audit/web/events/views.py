"""Serves the pages of events."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.abilities import may
from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.registry import environment_number
from audit.query import get_event
from audit.query.directory.present_names import present_names
from audit.query.turns import searches
from audit.seal.event_state import read_event_states
from audit.verify.event import verify_event
from audit.web.parts.filters import tidied
from audit.web.parts.labels import Environments
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.saved_views.found import default_address
from audit.web.shell.page import page

from .details import event_page
from .page import events_page
from .proof import proof_address, proof_badge, step_lines
from .related_events import around, life
from .search import search
from .search_origin import came_from


@searches
@page
def events(request: HttpRequest) -> HttpResponse:
    """The search that the address says; 400 where part of the address is wrong.

    Without any parameter it is the view that the person opens first, where they chose one.
    `?part=chart` answers with figures and chart alone, which may take longer than a page.
    """
    viewer, now = viewer_of(request), timezone.now()
    params = request.GET.copy()
    is_chart = params.pop("part", None) == ["chart"]
    asked = Address.of(request.path, dict(params.lists()))
    tidy = tidied(asked, zone=viewer.zone, now=now)
    if tidy != asked:
        return redirect(str(tidy))
    if not asked.pairs and (opened := default_address(request.user)) and "?" in opened:
        return redirect(opened)
    scope = audit_settings().resolve_scope(request.user)
    found = search(params, scope=scope, zone=viewer.zone, now=now, is_patient=is_chart)
    shown = events_page(
        found,
        path=request.path,
        scope=scope,
        environments=Environments(),
        viewer=viewer,
        user=request.user,
        now=now,
    )
    if is_chart:
        return render(request, "audit/_over_time.html", {"page": shown, "is_last": True})
    return render(
        request,
        "audit/events.html",
        {
            "page": shown,
            "searched": shown.words,
            "search_kept": asked.only(q=None).pairs,
        },
        status=400 if shown.problems else 200,
    )


@page
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Everything about one event; 404 alike where it isn't and where it may not be seen.

    `?part=detail` answers what a row of the table opens, `?part=verification` what verifying it
    now finds.
    """
    scope, zone = audit_settings().resolve_scope(request.user), viewer_of(request).zone
    document = get_event(event_id, scope=scope)
    if document is None:
        raise Http404
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    may_verify = may(request.user, "verify", document.environment)
    if request.GET.get("part") == "verification":
        if not may_verify:
            raise PermissionDenied
        number = environment_number(cursor, document.environment)
        steps = step_lines(verify_event(cursor, number, event_id))
        return render(request, "audit/_verification.html", {"steps": steps})
    known = Environments()
    shown = event_page(
        document,
        address=Address(path=reverse("audit_web:events"), pairs=(("from", "always"),)),
        environments=known,
        zone=zone,
        present_names=present_names(document, scope=scope),
    )
    if request.GET.get("part") == "detail":
        here = Address.of(request.path, dict(request.GET.lists())).only(part=None)
        return render(request, "audit/_event_detail.html", {"page": shown, "href": str(here)})
    position = document.position if isinstance(document.position, int) else None
    (state,) = read_event_states(cursor, [(document.environment, position)])
    context = {
        "page": shown,
        "proof": proof_badge(state, zone=zone),
        "may_verify": may_verify,
        "proof_href": proof_address(event_id),
        "came_from": came_from(
            request.GET, event_id=event_id, scope=scope, zone=zone, now=timezone.now()
        ),
        "around": around(document, scope=scope, environments=known, zone=zone),
        "life": life(document, scope=scope, zone=zone),
    }
    return render(request, "audit/event.html", context)

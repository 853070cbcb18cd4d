"""What does a person who is logged in get to see?"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.conf import audit_settings
from audit.query import get_event

from .address import Address
from .details import event_page
from .events_page import events_page
from .filters import tidied
from .labels import Environments
from .page import page
from .search import search
from .viewer import viewer_of


@page
def events(request: HttpRequest) -> HttpResponse:
    """The search that the address says; 400 where part of the address is wrong."""
    zone = viewer_of(request).zone
    asked = Address.of(request.path, dict(request.GET.lists()))
    tidy = tidied(asked, zone)
    if tidy != asked:
        return redirect(str(tidy))
    now = timezone.now()
    scope = audit_settings().scope_of(request.user)
    found = search(request.GET, scope=scope, now=now)
    shown = events_page(
        found,
        path=request.path,
        seen=scope.environments,
        environments=Environments(),
        zone=zone,
        now=now,
    )
    status = 400 if shown.problems else 200
    return render(request, "audit/events.html", {"page": shown}, status=status)


@page
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Everything about one event; 404 alike where it isn't and where it may not be seen."""
    zone = viewer_of(request).zone
    document = get_event(event_id, scope=audit_settings().scope_of(request.user))
    if document is None:
        raise Http404
    shown = event_page(
        document,
        address=Address(path=reverse("audit_web:events")),
        environments=Environments(),
        zone=zone,
    )
    return render(request, "audit/event.html", {"page": shown})

"""What does a person who is logged in get to see?"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from audit.conf import audit_settings
from audit.query import get_event

from .address import Address
from .details import event_page
from .events_page import events_page
from .filters import tidied
from .labels import Environments
from .moments import zone_of
from .search import search

# What a page says of people is for one reader, and gone when they log out.
_private = cache_control(private=True, no_store=True)


@require_safe
@_private
@login_required
def home(request: HttpRequest) -> HttpResponse:
    return redirect("audit_web:events")


@require_safe
@_private
@login_required
def events(request: HttpRequest) -> HttpResponse:
    """The search that the address says; 400 where part of the address is wrong."""
    zone = zone_of(request.user)
    asked = Address.of(request.path, dict(request.GET.lists()))
    tidy = tidied(asked, zone)
    if tidy != asked:
        return redirect(str(tidy))
    now = timezone.now()
    scope = audit_settings().scope_of(request.user)
    found = search(request.GET, scope=scope, now=now)
    page = events_page(
        found,
        path=request.path,
        seen=scope.environments,
        environments=Environments(),
        zone=zone,
        now=now,
    )
    status = 400 if page.problems else 200
    return render(request, "audit/events.html", {"page": page, "zone": zone.key}, status=status)


@require_safe
@_private
@login_required
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Everything about one event; 404 alike where it isn't and where it may not be seen."""
    zone = zone_of(request.user)
    document = get_event(event_id, scope=audit_settings().scope_of(request.user))
    if document is None:
        raise Http404
    page = event_page(
        document,
        address=Address(path=reverse("audit_web:events")),
        environments=Environments(),
        zone=zone,
    )
    return render(request, "audit/event.html", {"page": page, "zone": zone.key})

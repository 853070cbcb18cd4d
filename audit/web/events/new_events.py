"""Counts the events that were received since a page was made."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.conf import audit_settings
from audit.query.search.received import count_received
from audit.query.turns import searches
from audit.web.parts.text import count_text
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import page

from .search import read_address

SINCE = "since"


def new_path(address: Address, mark: str) -> str:
    """Return what answers how many came since the mark, whenever they happened.

    Empty on an older page: nothing is put there.
    """
    if address.values("cursor"):
        return ""
    return str(replace(address.only(**{SINCE: mark}), path=reverse("audit_web:new_events")))


@searches
@page
def new_events(request: HttpRequest) -> HttpResponse:
    """A button with how many there are, or nothing to see for none, and from where to ask the next
    time. It doesn't lengthen the session.
    """
    viewer, now = viewer_of(request), timezone.now()
    address = Address.of(reverse("audit_web:events"), dict(request.GET.lists()))
    shown = address.only(**{SINCE: None})
    scope = audit_settings().resolve_scope(request.user)
    asked = read_address(shown.query_dict(), scope=scope, zone=viewer.zone, now=now)
    received = count_received(asked.query, request.GET.get(SINCE, ""))
    return render(
        request,
        "audit/_new_events.html",
        {
            "count": received.count,
            "text": count_text(received.count, is_capped=received.is_capped),
            "href": str(shown),
            "next": str(replace(address.only(**{SINCE: received.mark}), path=request.path)),
        },
    )

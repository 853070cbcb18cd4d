"""How many events came since a page was made?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.conf import audit_settings
from audit.query import count_events
from audit.record.times import BadTime, from_micros, parse_time

from .address import Address
from .moments import to_utc
from .page import page
from .search import read_address
from .text import count_text
from .viewer import viewer_of

SINCE = "since"


def new_path(address: Address, results: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """Return what answers how many there are newer than the newest row.

    Empty where there can't be any: on an older page, or in a stretch of time that is over.
    """
    ends = address.values("to")
    if address.values("cursor") or (ends and not ends[-1].startswith("-")):
        return ""
    newest = results[0]["time"] if results else to_utc(now)
    return str(replace(address.only(**{SINCE: newest}), path=reverse("audit_web:new_events")))


@page
def new_events(request: HttpRequest) -> HttpResponse:
    """A button with how many there are; nothing for none. It doesn't lengthen the session."""
    viewer, now = viewer_of(request), timezone.now()
    address = Address.of(reverse("audit_web:events"), dict(request.GET.lists()))
    since = _since(request.GET.get(SINCE, ""), now)
    shown = address.only(**{SINCE: None})
    scope = audit_settings().scope_of(request.user)
    asked = read_address(shown.query_dict(), scope=scope, zone=viewer.zone, now=now)
    start = max(since, asked.query.start) if asked.query.start else since
    count = count_events(replace(asked.query, start=start))
    return render(
        request,
        "audit/_new_events.html",
        {
            "count": count.count,
            "text": count_text(count.count, is_capped=count.is_capped),
            "href": str(shown),
        },
    )


def _since(text: str, now: datetime) -> datetime:
    """An instant just after the newest row; now where that can't be read."""
    try:
        return from_micros(parse_time(text)) + timedelta(microseconds=1)
    except (BadTime, OverflowError):
        return now

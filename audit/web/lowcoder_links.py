"""Leads links to Lowcoder's own audit screen to the same search here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.query.lowcoder import EVENT_ID, in_our_words


@require_safe
def audit(request: HttpRequest, event_id: UUID | None = None) -> HttpResponse:
    """The same search among our events, or the same event. What is wrong is said there."""
    if event_id is None:
        try:
            event_id = UUID(request.GET.get(EVENT_ID, ""))
        except ValueError:
            query = in_our_words(request.GET).urlencode(safe=":")
            return redirect(reverse("audit_web:events") + (f"?{query}" if query else ""))
    return redirect("audit_web:event", event_id=event_id)

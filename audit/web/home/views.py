"""The first page: what needs eyes; or how to send the first event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.abilities import may
from audit.conf import audit_settings
from audit.contracts import INSTALLATION, Scope
from audit.errors import KeyRefused
from audit.log.cursor import psycopg_cursor
from audit.query.attention import (
    DAY,
    WEEK,
    first_sign_ins,
    has_events,
    newest_documents,
    recent_counts,
    refused_by_sender,
    without_system,
)
from audit.query.compare.promotions import find_promotions
from audit.query.counts.histogram import histogram
from audit.query.search.ahead_of_now import find_ahead
from audit.query.search.event_query import EventQuery
from audit.query.turns import searches
from audit.seal.alarms import open_alarms
from audit.web.events.ahead_of_now import ahead_words
from audit.web.parts.labels import Environments
from audit.web.parts.moments import to_utc
from audit.web.parts.url import Address
from audit.web.parts.viewer import viewer_of
from audit.web.saved_views.built_in import permission_changes, removals
from audit.web.saved_views.found import pinned_views
from audit.web.shell.page import page, private
from audit.worker.health import read_database_bytes, read_disk
from audit.worker.maintenance.leaves import read_maintenance
from audit.worker.progress import read_progress

from .page import (
    MAX_ROWS,
    activity_rows,
    direct_changes,
    event_list,
    sender_rows,
    sign_in_lines,
)
from .system_facts import system_facts

FIRST_ENVIRONMENT = "prod"


@searches
@page
def home(request: HttpRequest) -> HttpResponse:
    """What needs eyes in the viewer's scope."""
    scope = without_system(audit_settings().resolve_scope(request.user))
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    looks_after = may(request.user, "health", INSTALLATION)
    if has_events(scope, now=timezone.now()):
        context = _what_needs_eyes(request, scope)
    elif scope.environments or not looks_after or _offers_key(request):
        return render(request, "audit/first_event.html", _first_event(request, scope))
    else:
        # Somebody who looks after the installation, and reads no events.
        context = {}
    context |= {"views": pinned_views(request.user), "reads": bool(context)}
    if looks_after:
        context["system"] = system_facts(
            read_progress(cursor),
            read_disk(),
            read_database_bytes(cursor),
            read_maintenance(cursor),
            zone=viewer_of(request).zone,
        )
        context["alarms"] = sum(may(request.user, *alarm.to_see) for alarm in open_alarms(cursor))
    return render(request, "audit/home.html", context)


@require_POST
@private
@login_required
def first_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once; 400 with a sentence where that can't be."""
    if not audit_settings().key_offer.is_open_to(request.user):
        raise PermissionDenied
    environment = request.POST.get("environment", "").strip()[:64]
    scope = without_system(audit_settings().resolve_scope(request.user))
    context = dict(_first_event(request, scope))
    try:
        context["token"] = audit_settings().key_offer.make(
            request.user, environment=environment, now=timezone.now()
        )
    except KeyRefused as refusal:
        context |= {"problem": str(refusal), "environment": environment}
    status = 400 if "problem" in context else 200
    return render(request, "audit/first_event.html", context, status=status)


def _what_needs_eyes(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    now, zone, environments = timezone.now(), viewer_of(request).zone, Environments()
    recent = recent_counts(scope=scope, now=now)
    hours = histogram(
        EventQuery(scope=scope, start=now - DAY, end=now), by="environment", now=now
    ).buckets
    lists = [
        event_list(
            key,
            newest_documents(codes, scope=scope, start=now - WEEK, end=now, limit=MAX_ROWS),
            codes=codes,
            last_day=recent.last_day,
            last_week=recent.last_week,
            environments=environments,
            zone=zone,
            now=now,
        )
        for key, codes in (("deletions", removals()), ("permissions", permission_changes()))
    ]
    whole = {key for key, bound in scope.grants.items() if bound is None}
    senders = [s for s in audit_settings().list_senders() if s.environment in whole]
    promoted = find_promotions(scope=scope, start=now - WEEK, end=now)
    promotions = Address(path=reverse("audit_web:promotions"), pairs=(("from", "-7d"),))
    ahead = find_ahead(EventQuery(scope=scope), now=now)
    return {
        "ahead": ahead_words(ahead),
        "ahead_href": str(
            Address(path=reverse("audit_web:events"), pairs=(("from", to_utc(now)),))
        ),
        "activity": activity_rows(
            recent.activity,
            hours,
            environments=environments,
            now=now,
        ),
        "lists": lists,
        "sign_ins": sign_in_lines(
            first_sign_ins(scope=scope, start=now - WEEK, end=now, limit=MAX_ROWS),
            environments=environments,
            zone=zone,
        ),
        "direct": direct_changes(
            promoted, address=promotions, environments=environments, zone=zone
        ),
        "promotions": str(promotions.only(flagged="1")),
        "senders": sender_rows(
            senders,
            refused_by_sender(scope=scope, now=now),
            environments=environments,
            now=now,
        ),
    }


def _offers_key(request: HttpRequest) -> bool:
    return audit_settings().key_offer.is_open_to(request.user)


def _first_event(request: HttpRequest, scope: Scope) -> Mapping[str, Any]:
    environments = Environments()
    tags = [environments.tag(key) for key in environments.in_order(list(scope.environments))]
    return {
        "environments": tags,
        "environment": tags[0].key if tags else FIRST_ENVIRONMENT,
        "may_make_key": _offers_key(request),
        "address": request.build_absolute_uri("/").rstrip("/"),
    }

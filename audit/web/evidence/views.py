"""The page that an auditor looks at: the logs, what verifying found, and the alarms."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.abilities import may, places_of
from audit.conf import audit_settings
from audit.enrich.proxies import sender_address
from audit.log.cursor import psycopg_cursor
from audit.seal.alarms import open_alarms
from audit.seal.clearing import AlarmNotOpen, clear_alarm
from audit.seal.logs import read_logs
from audit.verify.rounds import read_rounds
from audit.web.parts.labels import Environments
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import page, private

from .page import alarm_lines, goes_by_itself, log_panels

MAX_REASON_LENGTH = 500


@page
def evidence(request: HttpRequest) -> HttpResponse:
    """Of each environment whose log the person may see: its state."""
    return _page(request)


@require_POST
@private
@login_required
def clear(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Clear an alarm with a `reason`; 404 where there is none that the person sees."""
    known = open_alarms(psycopg_cursor(audit_settings().READER_DATABASE))
    alarm = next((each for each in known if each.id == alarm_id), None)
    if alarm is None or not may(request.user, *alarm.to_see):
        raise Http404
    if not may(request.user, *alarm.to_clear):
        raise PermissionDenied
    if goes_by_itself(alarm):
        return _page(request, problem=_("This alarm goes by itself, when the key is back."))
    reason = request.POST.get("reason", "").strip()
    if not 0 < len(reason) <= MAX_REASON_LENGTH:
        longest = {"n": MAX_REASON_LENGTH}
        return _page(request, problem=_("Say why, in at most %(n)s characters.") % longest)
    try:
        clear_alarm(
            alarm,
            user=request.user,
            reason=reason,
            address=sender_address(request),
            now=timezone.now(),
        )
    except AlarmNotOpen:
        raise Http404 from None
    return HttpResponseRedirect(reverse("audit_web:evidence"))


def _page(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    environments, seen = Environments(), places_of(request.user, "log")
    zone, now = viewer_of(request).zone, timezone.now()
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    context = {
        "problem": problem,
        "logs": log_panels(
            read_logs(cursor, environments.in_order(seen)),
            read_rounds(cursor),
            environments=environments,
            zone=zone,
            now=now,
        ),
        "alarms": alarm_lines(
            open_alarms(cursor),
            user=request.user,
            environments=environments,
            zone=zone,
        ),
        "days": audit_settings().VERIFY_WITHIN_DAYS,
    }
    return render(request, "audit/evidence.html", context, status=400 if problem else 200)

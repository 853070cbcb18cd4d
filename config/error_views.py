"""Answers where a page could not be made, and no view has said why."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from audit.log.outage import Outage, outage_of
from audit.rest.problem_types import RETRY_SECONDS


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: 503 with the reason where the database is what is missing."""
    error = sys.exception()
    outage = outage_of(error) if error is not None else None
    if outage is None:
        return plain_server_error(request)
    response = render(request, "503.html", {"reason": _words(outage)}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _words(outage: Outage) -> str:
    return {
        Outage.DISK_FULL: _("The disk of the database is full."),
        Outage.TOO_MANY_CONNECTIONS: _("The database takes no more connections now."),
        Outage.READ_ONLY: _("The database can be read only at the moment."),
        Outage.BUSY: _("The database is too busy to answer in time."),
        Outage.AWAY: _("The database can't be reached."),
    }[outage]

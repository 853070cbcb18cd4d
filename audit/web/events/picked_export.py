"""The events that somebody picked in the table, as a file."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.abilities import has_all
from audit.conf import audit_settings
from audit.contracts import Scope
from audit.enrich.proxies import sender_address
from audit.export import Form, jobs
from audit.export.streamed import note_export
from audit.query import EventQuery, get_events
from audit.web.shell.page import page

MOST = 500


@page
def picked(request: HttpRequest) -> HttpResponse:
    """The events of each `id`, newest first, as NDJSON; those out of sight are left out.

    It is an export as others are: the log says so, and its row tells the count and the hash.
    """
    ids = _ids(request.GET.getlist("id"))
    if ids is None:
        return HttpResponseBadRequest(
            _("Give the ids of 1 to %(most)s events.") % {"most": MOST}, content_type="text/plain"
        )
    scope, now = audit_settings().resolve_scope(request.user), timezone.now()
    documents = get_events(ids, scope=scope)
    places = {each.environment: scope.grants[each.environment] for each in documents}
    scope = Scope(grants=places)
    if not has_all(request.user, "export", scope):
        raise PermissionDenied
    body = b"".join(msgspec.json.encode(document) + b"\n" for document in documents)
    picked_ids = tuple(each.id for each in documents)
    made = note_export(
        body,
        rows=len(documents),
        user=request.user,
        query=EventQuery(scope=scope, include={"id": picked_ids}),
        form=Form(format="ndjson"),
        said=urlencode([("id", each) for each in picked_ids]),
        address=sender_address(request),
        now=now,
    )
    return HttpResponse(
        body,
        content_type=jobs.form_of(made).media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{jobs.file_name(made)}"',
            "Export-Id": str(made.id),
        },
    )


def _ids(texts: Iterable[str]) -> set[UUID] | None:
    try:
        ids = {UUID(text) for text in texts}
    except ValueError:
        return None
    return ids if 1 <= len(ids) <= MOST else None

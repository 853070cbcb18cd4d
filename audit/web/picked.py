"""The events that somebody picked in the table, as a file."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.conf import audit_settings
from audit.query import EventQuery, get_events
from audit.query.export.told import EXPORTED, record_export

from .page import page

MOST = 500


@page
def picked(request: HttpRequest) -> HttpResponse:
    """The events of each `id`, newest first, as NDJSON; those out of sight are left out.

    Its last line tells the rows and the hash of those before, as every export's does.
    """
    ids = _ids(request.GET.getlist("id"))
    if ids is None:
        return HttpResponseBadRequest(
            _("Give the ids of 1 to %(most)s events.") % {"most": MOST}, content_type="text/plain"
        )
    scope, now = audit_settings().scope_of(request.user), timezone.now()
    documents = get_events(sorted(ids, reverse=True), scope=scope)
    record_export(
        code=EXPORTED,
        user=request.user,
        query=EventQuery(scope=scope, include={"id": tuple(each["id"] for each in documents)}),
        name="ndjson",
        address=request.META.get("REMOTE_ADDR"),
        now=now,
    )
    name = f"events-{now:%Y%m%dT%H%M%SZ}.ndjson"
    return HttpResponse(
        _lines(documents),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _ids(texts: Iterable[str]) -> set[UUID] | None:
    try:
        ids = {UUID(text) for text in texts}
    except ValueError:
        return None
    return ids if 1 <= len(ids) <= MOST else None


def _lines(documents: Iterable[dict[str, Any]]) -> bytes:
    lines = [msgspec.json.encode(document) + b"\n" for document in documents]
    body = b"".join(lines)
    end = {"export": {"rows": len(lines), "sha256": sha256(body).hexdigest()}}
    return body + msgspec.json.encode(end) + b"\n"

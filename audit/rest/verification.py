"""`GET /api/v1/events/<id>/verification`: one event verified now, step by step."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from audit.abilities import require
from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.query.search.log_place import find_place
from audit.query.search.parameters import check_names
from audit.verify.event import verify_event

from .events import AuditView


class VerificationView(AuditView):
    def get(self, request: Request, event_id: UUID) -> Response:
        check_names(request.query_params, ())
        cursor = psycopg_cursor(audit_settings().READER_DATABASE)
        place = find_place(cursor, event_id, scope=self.scope(request))
        if place is None:
            raise Http404
        require(request.user, "verify", Scope(grants={place.key: None}))
        steps = verify_event(cursor, place.environment, event_id)
        return Response(
            {
                "id": str(event_id),
                "position": place.position,
                "steps": [
                    {"step": step.step, "ok": step.ok, "found": step.found} for step in steps
                ],
            }
        )

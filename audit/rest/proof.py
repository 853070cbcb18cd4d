"""`GET /api/v1/events/<id>/proof`: the proof that an event is in its environment's log."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from audit.abilities import require
from audit.conf import audit_settings
from audit.contracts import Scope
from audit.errors import NotSigned
from audit.log.cursor import psycopg_cursor
from audit.query.search.log_place import find_place
from audit.query.search.parameters import check_names
from audit.seal.published import prove_event, read_published

from .events import AuditView
from .media import AnyAnswer

PROOF_TYPE = "text/plain; charset=utf-8"


class ProofView(AuditView):
    content_negotiation_class = AnyAnswer

    def get(self, request: Request, event_id: UUID) -> HttpResponse:
        check_names(request.query_params, ())
        cursor = psycopg_cursor(audit_settings().READER_DATABASE)
        place = find_place(cursor, event_id, scope=self.scope(request))
        if place is None:
            raise Http404
        require(request.user, "verify", Scope(grants={place.key: None}))
        published = read_published(cursor, place.environment)
        proof = (
            prove_event(cursor, published, place.position)
            if published is not None and place.position is not None
            else None
        )
        if proof is None:
            raise NotSigned("It is signed within seconds; where not, /health/ready tells why.")
        return HttpResponse(
            str(proof).encode(),
            content_type=PROOF_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{event_id}.tlog-proof"'},
        )

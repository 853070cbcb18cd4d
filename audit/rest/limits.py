"""`GET /api/v1/limits`: what may a sender send here?"""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from audit.conf import audit_settings
from audit.record.check import MAX_RESOURCE_ID_BYTES, MAX_RESOURCE_ID_CHARACTERS, MAX_TARGETS
from audit.record.preparation import MAX_USER_AGENT_BYTES

from .events import AuditView


class LimitsView(AuditView):
    """For everybody: a sender asks before it has anything to send."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        settings = audit_settings()
        return Response(
            {
                "body_bytes": settings.MAX_BODY_BYTES,
                "unpacked_bytes": settings.MAX_UNPACKED_BYTES,
                "events": settings.MAX_EVENTS,
                "event_bytes": settings.MAX_EVENT_BYTES,
                "nesting": settings.MAX_NESTING,
                "id_characters": settings.MAX_ID_CHARACTERS,
                "resource_id_characters": MAX_RESOURCE_ID_CHARACTERS,
                "resource_id_bytes": MAX_RESOURCE_ID_BYTES,
                "event_id_characters": settings.MAX_EVENT_ID_CHARACTERS,
                "type_characters": settings.MAX_EVENT_ID_CHARACTERS,
                "name_characters": settings.MAX_NAME_CHARACTERS,
                "targets": MAX_TARGETS,
                "user_agent_bytes": MAX_USER_AGENT_BYTES,
                "earliest": f"{settings.EARLIEST_YEAR}-01-01T00:00:00Z",
                "hours_ahead": settings.MAX_AHEAD_HOURS,
            }
        )

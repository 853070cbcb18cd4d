"""Serves the log of an environment: checkpoint, tiles and entries (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from audit.abilities import may
from audit.conf import audit_settings
from audit.errors import UnknownEnvironment
from audit.log.cursor import psycopg_cursor
from audit.log.registry import environment_number
from audit.seal.published import Published, read_published, read_resource
from audit.tlog.tiles import parse_tile_path

from .events import AuditView
from .media import AnyAnswer

CHECKPOINT_TYPE, TILE_TYPE = "text/plain; charset=utf-8", "application/octet-stream"
# A tile never changes; whether it may be kept for others depends on who may see it.
_FOR_EVER = "max-age=31536000, immutable"


class MaySeeLog(BasePermission):
    """Everybody where the logs are public; else whoever may, in the environment of the address."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if audit_settings().LOG_IS_PUBLIC:
            return True
        return request.successful_authenticator is not None


class LogView(AuditView):
    content_negotiation_class = AnyAnswer
    permission_classes = (MaySeeLog,)

    def published(self, request: Request, environment: str) -> Published:
        """Return what the log has published. Raises Http404, also where one may not see it."""
        settings = audit_settings()
        if not settings.LOG_IS_PUBLIC and not may(request.user, "log", environment):
            raise Http404
        cursor = psycopg_cursor(settings.READER_DATABASE)
        try:
            found = read_published(cursor, environment_number(cursor, environment))
        except UnknownEnvironment:
            raise Http404 from None
        if found is None:
            raise Http404
        return found


class CheckpointView(LogView):
    def get(self, request: Request, environment: str) -> HttpResponse:
        note = self.published(request, environment).note
        return HttpResponse(
            str(note).encode(), content_type=CHECKPOINT_TYPE, headers={"Cache-Control": "no-cache"}
        )


class TileView(LogView):
    def get(self, request: Request, environment: str, resource: str) -> HttpResponse:
        tile = parse_tile_path(resource)
        if tile is None:
            raise Http404
        published = self.published(request, environment)
        content = read_resource(psycopg_cursor(audit_settings().READER_DATABASE), published, tile)
        if content is None:
            raise Http404
        whose = "public" if audit_settings().LOG_IS_PUBLIC else "private"
        return HttpResponse(
            content,
            content_type=TILE_TYPE,
            headers={"Cache-Control": f"{whose}, {_FOR_EVER}"},
        )

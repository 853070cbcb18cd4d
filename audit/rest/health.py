"""`/health/live` and `/health/ready`: is the process alive, and can it do its work?"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import DatabaseError
from rest_framework.request import Request
from rest_framework.response import Response

from audit.conf import audit_settings
from audit.record.outage import outage_of
from audit.record.store import own_cursor
from audit.worker.health import is_late, read_disk
from audit.worker.progress import read_progress

from .events import AuditView


class LiveView(AuditView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})


class ReadyView(AuditView):
    """503 where recording would fail; a late worker is told but stops nobody from recording."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        checks: dict[str, Any] = {"disk": _disk()}
        try:
            checks |= _database()
        except (DatabaseError, psycopg.Error) as error:
            outage = outage_of(error)
            reason = outage.reason if outage is not None else type(error).__name__
            checks["database"] = {"ok": False, "reason": reason}
        is_ready = checks["database"]["ok"] and checks["disk"]["ok"]
        return Response(
            {"status": "ok" if is_ready else "unavailable", "checks": checks},
            status=200 if is_ready else 503,
        )


def _disk() -> dict[str, Any]:
    disk = read_disk()
    return {"ok": disk.has_room, "free_bytes": disk.free_bytes}


def _database() -> dict[str, Any]:
    progress = read_progress(own_cursor(audit_settings().DATABASE))
    return {
        "database": {"ok": True},
        "worker": {"ok": progress.is_alive},
        "backlog": {
            "ok": not is_late(progress),
            "without_position": progress.without_position,
            "without_rollup": progress.without_rollup,
        },
    }

"""`/health/live` and `/health/ready`: is the process alive, and can it do its work?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError
from rest_framework.request import Request
from rest_framework.response import Response

from audit.conf import audit_settings
from audit.record.store import own_cursor
from audit.worker.progress import read_progress

from .events import AuditView

MIN_FREE_BYTES = 2**28
MAX_BACKLOG = 10_000


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
        except (DatabaseError, psycopg.Error, OSError) as error:
            checks["database"] = {"ok": False, "detail": type(error).__name__}
        is_ready = checks["database"]["ok"] and checks["disk"]["ok"]
        return Response(
            {"status": "ok" if is_ready else "unavailable", "checks": checks},
            status=200 if is_ready else 503,
        )


def _disk() -> dict[str, Any]:
    directory = Path(getattr(settings, "DATA_DIR", "/"))
    free = shutil.disk_usage(directory if directory.exists() else "/").free
    return {"ok": free >= MIN_FREE_BYTES, "free_bytes": free}


def _database() -> dict[str, Any]:
    progress = read_progress(own_cursor(audit_settings().DATABASE))
    backlog = max(progress.without_position, progress.without_rollup)
    return {
        "database": {"ok": True},
        "worker": {"ok": progress.is_alive},
        "backlog": {
            "ok": backlog <= MAX_BACKLOG,
            "without_position": progress.without_position,
            "without_rollup": progress.without_rollup,
        },
    }

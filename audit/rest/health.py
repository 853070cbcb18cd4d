"""`/health/live` and `/health/ready`: is the process alive, and can it do its work?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from audit.abilities import may
from audit.conf import audit_settings
from audit.contracts import INSTALLATION
from audit.log.cursor import psycopg_cursor
from audit.log.outage import outage_of
from audit.log.times import format_time
from audit.seal.alarms import EVIDENCE, OpenAlarm
from audit.seal.state import read_seal_state
from audit.verify.rounds import Round, read_rounds
from audit.verify.schedule import RECENT, WHOLE
from audit.worker.health import is_late, read_disk
from audit.worker.maintenance.leaves import MaintenanceState, read_maintenance
from audit.worker.progress import read_progress

from .events import AuditView


class LiveView(AuditView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})


class ReadyView(AuditView):
    """503 where recording would fail; a late worker is told but stops nobody from recording.

    Figures tell how busy an installation is, so they are for who has the ability `health`; an alarm
    of a log is told to who may see that log.
    """

    permission_classes = ()

    def perform_authentication(self, request: Request) -> None:
        """Later, where it is needed: whether the database is there has to be told without it."""

    def get(self, request: Request) -> Response:
        checks: dict[str, Any] = {"disk": _disk()}
        try:
            checks |= _database(request)
            is_for_all = not may(request.user, "health", INSTALLATION)
        except (DatabaseError, psycopg.Error) as error:
            outage = outage_of(error)
            reason = outage.reason if outage is not None else type(error).__name__
            checks["database"] = {"ok": False, "reason": reason}
            is_for_all = True
        if is_for_all:
            checks = {name: _without_figures(check) for name, check in checks.items()}
        is_ready = checks["database"]["ok"] and checks["disk"]["ok"]
        return Response(
            {"status": "ok" if is_ready else "unavailable", "checks": checks},
            status=200 if is_ready else 503,
        )


def _without_figures(check: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in check.items() if name in ("ok", "reason")}


def _disk() -> dict[str, Any]:
    disk = read_disk()
    return {"ok": disk.has_room, "free_bytes": disk.free_bytes}


def _database(request: Request) -> dict[str, Any]:
    cursor = psycopg_cursor(audit_settings().DATABASE)
    progress, sealing = read_progress(cursor), read_seal_state(cursor)
    return {
        "database": {"ok": True},
        "worker": {"ok": progress.is_alive},
        "backlog": {
            "ok": not is_late(progress),
            "without_position": progress.without_position,
            "without_rollup": progress.without_rollup,
        },
        "maintenance": _maintenance(read_maintenance(cursor)),
        "sealing": {
            "ok": not sealing.alarms,
            "without_leaf": sealing.without_leaf,
            "without_signature": sealing.without_signature,
            "alarms": [
                {
                    "kind": alarm.kind,
                    "environment": alarm.environment,
                    "message": alarm.message,
                    "raised_at": format_time(alarm.raised_at),
                }
                for alarm in sealing.alarms
                if may(request.user, *alarm.to_see)
            ],
        },
        "verification": _verification(read_rounds(cursor), sealing.alarms),
    }


def _verification(rounds: Sequence[Round], alarms: Sequence[OpenAlarm]) -> dict[str, Any]:
    """Ages are those of the log that was verified longest ago, null where one was not yet."""
    now = timezone.now()
    is_late = any(each.is_late(now) for each in rounds)
    return {
        "ok": not is_late and not any(alarm.kind == EVIDENCE for alarm in alarms),
        "recent_seconds": _age(rounds, RECENT, now),
        "whole_seconds": _age(rounds, WHOLE, now),
    }


def _age(rounds: Sequence[Round], kind: str, now: datetime) -> int | None:
    ended = [each.finished_at for each in rounds if each.kind == kind]
    known = [moment for moment in ended if moment is not None]
    if not known or len(known) < len(ended):
        return None
    return int((now - min(known)).total_seconds())


def _maintenance(state: MaintenanceState) -> dict[str, Any]:
    told = {"ok": not state.problem, "remaining": state.remaining, "rebuilt_at": state.rebuilt_at}
    return told | ({"reason": state.problem} if state.problem else {})

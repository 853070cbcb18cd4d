"""Tells whoever administers the installation how it fares."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.web.parts.moments import moment
from audit.web.parts.text import thin
from audit.worker.health import Disk, backlog, is_late
from audit.worker.maintenance.leaves import LOCKED, NO_ROOM, NOT_ALLOWED, MaintenanceState
from audit.worker.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFact:
    label: str
    words: str
    is_wrong: bool


def system_facts(
    progress: Progress,
    disk: Disk,
    database_bytes: int,
    maintenance: MaintenanceState,
    *,
    zone: ZoneInfo,
) -> tuple[SystemFact, ...]:
    waiting = backlog(progress)
    return (
        SystemFact(
            label=_("Worker"),
            words=_("at work") if progress.is_alive else _("away: counts and proofs stand still"),
            is_wrong=not progress.is_alive,
        ),
        SystemFact(
            label=_("Waiting"),
            words=_("%(n)s receipts") % {"n": thin(waiting)} if waiting else _("nothing"),
            is_wrong=is_late(progress),
        ),
        SystemFact(label=_("Database"), words=bytes_words(database_bytes), is_wrong=False),
        SystemFact(
            label=_("Disk"),
            words=_("%(free)s free of %(all)s")
            % {"free": bytes_words(disk.free_bytes), "all": bytes_words(disk.all_bytes)},
            is_wrong=not disk.has_room,
        ),
        SystemFact(
            label=_("Indexes of closed months"),
            words=_maintenance_words(maintenance, zone),
            is_wrong=bool(maintenance.problem),
        ),
    )


def _maintenance_words(state: MaintenanceState, zone: ZoneInfo) -> str:
    words = []
    if state.rebuilt_at is not None:
        words.append(_("rebuilt %(day)s") % {"day": moment(state.rebuilt_at, zone).day})
    if state.remaining or not words:
        waiting = ngettext("%(n)s partition waits", "%(n)s partitions wait", state.remaining)
        words.append(waiting % {"n": thin(state.remaining)} if state.remaining else _("none yet"))
    if state.problem:
        words.append(_problem_words()[state.problem])
    return "; ".join(words)


def _problem_words() -> dict[str, str]:
    return {
        LOCKED: _("others hold them, it is tried again"),
        NO_ROOM: _("the disk has no room for it"),
        NOT_ALLOWED: _("the worker's login may not"),
    }


def bytes_words(count: int) -> str:
    """Return "1.4 GiB"."""
    size = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if size >= 100 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"

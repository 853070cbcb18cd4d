"""What does the page of evidence say of each log?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.abilities import may
from audit.seal.alarms import BROKEN_LOG, EVIDENCE, SIGNING_KEY, OpenAlarm
from audit.seal.logs import LogState
from audit.verify.rounds import Round
from audit.verify.schedule import RECENT
from audit.web.parts.durations import duration_words
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import shorten, thin, visible

ROOT_CHARACTERS = 16
LATE_SEALING = timedelta(minutes=1)  # seconds are usual
MAX_MESSAGE_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The last round of one kind. at: when it came to its end; progress: of one that goes on;
    state: `verified`, `danger` or `warning`
    """

    label: str
    at: Moment | None
    words: str
    state: str
    progress: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPanel:
    """root: hexadecimal; note: the checkpoint as it was signed
    sealing: whether all is signed; sealing_state: `verified`, `warning` or empty
    keys: `name+hash+key`; export, verify: commands ready to be copied
    """

    tag: Tag
    origin: str
    size: str
    signed: str
    signed_at: Moment | None
    root: str
    note: str
    keys: tuple[str, ...]
    sealing: str
    sealing_state: str
    checks: tuple[Check, ...]
    export: str
    verify: str

    @property
    def short_root(self) -> str:
        return f"{self.root[:ROOT_CHARACTERS]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """is_clearable: by a person, with a reason"""

    id: int
    kind: str
    tag: Tag | None
    message: str
    raised_at: Moment
    is_clearable: bool


def log_panels(
    logs: Sequence[LogState],
    rounds: Sequence[Round],
    *,
    environments: Environments,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[LogPanel, ...]:
    return tuple(
        _panel(
            log,
            [each for each in rounds if each.environment == log.environment],
            environments.tag(log.environment),
            zone,
            now,
        )
        for log in logs
    )


def alarm_lines(
    alarms: Sequence[OpenAlarm],
    *,
    user: Any,
    environments: Environments,
    zone: ZoneInfo,
) -> tuple[AlarmLine, ...]:
    """Return the alarms that a person may see."""
    return tuple(
        AlarmLine(
            id=alarm.id,
            kind=_kind(alarm.kind),
            tag=environments.tag(alarm.environment) if alarm.environment else None,
            message=shorten(alarm.message, max_length=MAX_MESSAGE_LENGTH),
            raised_at=moment(alarm.raised_at, zone),
            is_clearable=not goes_by_itself(alarm) and may(user, *alarm.to_clear),
        )
        for alarm in alarms
        if may(user, *alarm.to_see)
    )


def goes_by_itself(alarm: OpenAlarm) -> bool:
    """One of the signing key does, when the key is back."""
    return alarm.kind == SIGNING_KEY


def _kind(kind: str) -> str:
    return {
        EVIDENCE: _("not what was committed to"),
        BROKEN_LOG: _("nothing more is signed"),
        SIGNING_KEY: _("signing key"),
    }.get(kind, visible(kind))


def _panel(
    log: LogState, rounds: Sequence[Round], tag: Tag, zone: ZoneInfo, now: datetime
) -> LogPanel:
    signed = log.checkpoint
    keys = tuple(str(key) for key in log.keys)
    file = f"evidence-{log.environment}.tar"
    verify = " ".join((f"python verify_export.py {file}", *(f"--key '{key}'" for key in keys)))
    return LogPanel(
        tag=tag,
        origin=log.origin,
        size=thin(log.size),
        signed=thin(signed.size) if signed else "",
        signed_at=moment(signed.signed_at, zone) if signed else None,
        root=signed.root.hex() if signed else "",
        note=signed.note if signed else "",
        keys=keys,
        sealing=_sealing(log, now),
        sealing_state=_sealing_state(log, now),
        checks=tuple(_check(each, zone, now) for each in rounds),
        export=f"python manage.py evidence export --environment {log.environment} {file}",
        verify=verify,
    )


def _sealing(log: LogState, now: datetime) -> str:
    if log.unsigned_since is None:
        return _("all that was recorded is signed")
    lag = duration_words(now - log.unsigned_since)
    return _("the oldest that is not signed came %(time)s ago") % {"time": lag}


def _sealing_state(log: LogState, now: datetime) -> str:
    if log.unsigned_since is None:
        return "verified"
    return "warning" if now - log.unsigned_since > LATE_SEALING else ""


def _check(each: Round, zone: ZoneInfo, now: datetime) -> Check:
    is_recent = each.kind == RECENT
    label = _("What came lately") if is_recent else _("Every event")
    progress = _progress(each, now) if not is_recent else ""
    if each.finished_at is None:
        words = _("not yet")
        state = "warning" if each.is_late(now) else ""
    else:
        words = _found(each)
        state = "danger" if each.findings else "verified"
        if each.is_late(now):
            progress = _("late: it should come each hour")
            state = state if each.findings else "warning"
    return Check(
        label=label,
        at=moment(each.finished_at, zone) if each.finished_at else None,
        words=words,
        state=state,
        progress=progress,
    )


def _found(each: Round) -> str:
    events, findings = each.events or 0, each.findings or 0
    read = ngettext("%(n)s event", "%(n)s events", events) % {"n": thin(events)}
    if not findings:
        return _("%(events)s, nothing is wrong") % {"events": read}
    wrong = ngettext("%(n)s finding", "%(n)s findings", findings) % {"n": thin(findings)}
    return f"{read}, {wrong}"


def _progress(each: Round, now: datetime) -> str:
    if not each.is_running or each.started_at is None:
        return ""
    return _("the next round has read %(position)s of %(size)s in %(time)s") % {
        "position": thin(each.position),
        "size": thin(each.size),
        "time": duration_words(now - each.started_at),
    }

"""Presents one app: how far apart its copies are, and the way of each version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.query.compare.drift import Copy, LastChange
from audit.query.compare.promotions import App
from audit.web.events.rows import event_path
from audit.web.parts.labels import Environments, type_label
from audit.web.parts.markup import Absent, Piece, Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import ABSENT, shorten, visible
from audit.web.parts.url import Address, Pair

from .page import LineTable, app_name, day_words, person_piece

SINCE: Pair = ("from", "-90d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCell:
    """words: the version, or what was done; href: the event"""

    words: str
    href: str
    day: str
    time: Moment
    actor: Piece | Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """ids: of the app in this environment; events: all that happened to it lately"""

    tag: Tag
    version: ChangeCell | None
    change: ChangeCell | None
    ids: str
    events: str | None
    is_apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPage:
    name: str
    joined_by: str
    copies: tuple[CopyRow, ...]
    table: LineTable
    compare: str


def app_page(
    app: App,
    copies: Sequence[Copy],
    table: LineTable,
    *,
    environments: Environments,
    zone: ZoneInfo,
) -> AppPage:
    kind, _colon, value = app.key.partition(":")
    words = {"gid": _("Joined by its gid %(value)s"), "name": _("Joined by its name")}
    return AppPage(
        name=app_name(app),
        joined_by=words.get(kind, _("Known in one environment by its id %(value)s"))
        % {"value": shorten(value, max_length=80)},
        copies=tuple(_copy(copy, environments, zone) for copy in copies),
        table=table,
        compare=str(
            Address(
                path=reverse("audit_web:compare"), pairs=(("by", "application"), ("from", "-30d"))
            )
        ),
    )


def _copy(copy: Copy, environments: Environments, zone: ZoneInfo) -> CopyRow:
    pairs = (("environment", copy.environment), *(("application", id_) for id_ in copy.ids), SINCE)
    events = str(Address(path=reverse("audit_web:events"), pairs=pairs)) if copy.ids else None
    return CopyRow(
        tag=environments.tag(copy.environment, href=events),
        version=_change(copy.arrival, copy.environment, zone, is_arrival=True),
        change=_change(copy.change, copy.environment, zone, is_arrival=False),
        ids=visible(", ".join(copy.ids)[:256]) or ABSENT,
        events=events,
        is_apart=copy.is_apart,
    )


def _change(
    change: LastChange | None, environment: str, zone: ZoneInfo, *, is_arrival: bool
) -> ChangeCell | None:
    if change is None:
        return None
    version = shorten(change.version, max_length=24) if change.version else _("no version")
    return ChangeCell(
        words=version if is_arrival else type_label(change.type),
        href=event_path(str(change.id)),
        day=day_words(change.at, zone),
        time=moment(change.at, zone),
        actor=person_piece(change.actor, environment, (SINCE,)),
    )

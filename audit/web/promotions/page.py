"""Presents the pages of promotions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.query.compare.promotion_values import Flag, Person, PromotionLine, Stage
from audit.query.compare.promotions import App, Promotions
from audit.vocabulary.folding import fold
from audit.web.events.rows import event_path
from audit.web.parts.durations import duration_words
from audit.web.parts.labels import Environments
from audit.web.parts.markup import NOTHING, Absent, Piece, Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.period import Link, Period, kept_fields
from audit.web.parts.text import shorten
from audit.web.parts.typed_range import bound_forms
from audit.web.parts.url import Address, Pair

MAX_LINES = 100
MAX_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCell:
    """A line in one environment.

    version: as it was sent there, or words for what has none; day: "Mon 23 Nov 14:05"
    lead: since the stage before it; note: edits and repeats, in words
    """

    tag: Tag
    version: str
    href: str
    actor: Piece | Absent
    day: str
    time: Moment
    lead: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPlace:
    """One environment of a row. stage: None where the line has not been
    is_skipped: it went past; goes_on: the line reaches a later one
    """

    stage: StageCell | None
    is_skipped: bool
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    app: str
    app_href: str
    places: tuple[VersionPlace, ...]
    lead: str
    flags: tuple[str, ...]
    is_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTable:
    """older: the address of the lines after these
    production: where direct changes are told; has_production: there are such, seen or not
    """

    heads: tuple[Tag, ...]
    rows: tuple[LineRow, ...]
    matching: int
    older: str | None
    looked_back_to: Moment | None
    production: tuple[Tag, ...]
    has_production: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionsForm:
    """hidden: what no field shows and has to survive; flagged_href: the switch, turned over"""

    action: str
    hidden: tuple[Pair, ...]
    presets: tuple[Link, ...]
    forms: str
    typed_start: str
    typed_end: str
    app: str
    only_flagged: bool
    flagged_href: str
    unfiltered: str


def promotions_form(
    address: Address, period: Period, *, presets: tuple[Link, ...]
) -> PromotionsForm:
    fields = {"from", "to", "app", "cursor"}
    only_flagged = address.values("flagged") == ("1",)
    return PromotionsForm(
        action=address.path,
        hidden=(*(p for p in address.pairs if p[0] not in fields), *kept_fields(address)),
        presets=presets,
        forms=bound_forms(),
        typed_start=period.typed_start,
        typed_end=period.typed_end,
        app=" ".join((address.values("app") or ("",))[-1].split())[:256],
        only_flagged=only_flagged,
        flagged_href=str(address.only(flagged=None if only_flagged else "1")),
        unfiltered=address.path,
    )


def line_table(
    found: Promotions,
    *,
    address: Address,
    only_flagged: bool,
    app: str,
    environments: Environments,
    zone: ZoneInfo,
) -> LineTable:
    """app: letters of the app's name, or its key; address: of the page, with its place"""
    wanted = [
        line
        for line in found.lines
        if (line.flags or not only_flagged) and _is_of(line, found.apps[line.app], app)
    ]
    at = _place(address)
    rest = [line for line in wanted if at is None or line.latest < at]
    shown = rest[:MAX_LINES]
    rows = _Rows(found, environments, zone)
    return LineTable(
        heads=tuple(environments.tag(info.key) for info in found.path),
        rows=tuple(rows.row(line) for line in shown),
        matching=len(wanted),
        older=str(address.at(str(shown[-1].latest))) if len(rest) > len(shown) else None,
        looked_back_to=moment(found.looked_back_to, zone) if found.looked_back_to else None,
        production=tuple(environments.tag(key) for key in found.production),
        has_production=found.has_production,
    )


def flag_words(flag: Flag, line: PromotionLine, environments: Environments) -> str:
    name = environments.tag(flag.environment).name
    match flag.kind:
        case "skipped":
            return _("skipped %(name)s") % {"name": name}
        case "before":
            other = environments.tag(flag.other).name
            return _("%(name)s before %(other)s") % {"name": name, "other": other}
        case "back":
            words = {"version": shorten(line.version or "", max_length=20), "name": name}
            return _("back to %(version)s in %(name)s") % words
        case "direct":
            if line.is_edit:
                return _("changed in %(name)s directly") % {"name": name}
            return _("began in %(name)s") % {"name": name}


def day_words(at: datetime, zone: ZoneInfo) -> str:
    return str(date_format(at.astimezone(zone), "D j M H:i"))


def app_href(key: str) -> str:
    return str(Address(path=reverse("audit_web:app"), pairs=(("key", key),)))


def app_name(app: App) -> str:
    words = app.name or (app.ids[0][1] if app.ids else app.key)
    return shorten(words, max_length=MAX_NAME_LENGTH)


def person_piece(
    person: Person, environment: str, bounds: Iterable[tuple[str, str]]
) -> Piece | Absent:
    """Who, linked to what they did in the environment."""
    words = person.name or person.id
    if not words:
        return NOTHING
    pairs = (("environment", environment), ("actor", person.id or ""), *bounds)
    return Piece(
        text=shorten(words, max_length=MAX_NAME_LENGTH),
        href=str(Address(path=reverse("audit_web:events"), pairs=pairs)) if person.id else None,
        is_name=True,
        title=person.id if person.id and person.id != words else "",
    )


class _Rows:
    """Makes the rows of one reading."""

    def __init__(self, found: Promotions, environments: Environments, zone: ZoneInfo) -> None:
        self._apps: Mapping[str, App] = found.apps
        self._path = tuple(info.key for info in found.path)
        self._shows_edits = found.has_all_edits
        self._environments, self._zone = environments, zone

    def row(self, line: PromotionLine) -> LineRow:
        last = max(i for i, stage in enumerate(line.stages) if stage is not None)
        skipped = {flag.environment for flag in line.flags if flag.kind == "skipped"}
        reached = line.reached
        return LineRow(
            app=_name_of_then(line, self._apps[line.app]),
            app_href=app_href(line.app),
            places=tuple(
                VersionPlace(
                    stage=self._stage(line, stage) if stage else None,
                    is_skipped=self._path[index] in skipped,
                    goes_on=index < last and _began(line.stages, index),
                )
                for index, stage in enumerate(line.stages)
            ),
            lead=duration_words(line.lead) if len(reached) > 1 and line.lead is not None else "",
            flags=tuple(flag_words(flag, line, self._environments) for flag in line.flags),
            is_edit=line.is_edit,
        )

    def _stage(self, line: PromotionLine, stage: Stage) -> StageCell:
        first = stage.first
        version = shorten(first.version or line.version or "", max_length=24)
        return StageCell(
            tag=self._environments.tag(stage.environment),
            version=_("edited") if line.is_edit else version or _("no version"),
            href=event_path(str(first.id)),
            actor=person_piece(first.actor, stage.environment, (("from", "-90d"),)),
            day=day_words(first.at, self._zone),
            time=moment(first.at, self._zone),
            lead=duration_words(stage.lead) if stage.lead is not None else "",
            note=_note(line, stage, shows_edits=self._shows_edits),
        )


def _note(line: PromotionLine, stage: Stage, *, shows_edits: bool) -> str:
    if line.is_edit:
        times = 1 + len(stage.again)
        return ngettext("once", "%(n)s times", times) % {"n": times} if times > 1 else ""
    if not stage.edits or not shows_edits:
        return ""
    return ngettext("after %(n)s edit", "after %(n)s edits", stage.edits) % {"n": stage.edits}


def _began(stages: Sequence[Stage | None], index: int) -> bool:
    return any(stage is not None for stage in stages[: index + 1])


def _name_of_then(line: PromotionLine, app: App) -> str:
    return shorten(line.app_name, max_length=MAX_NAME_LENGTH) if line.app_name else app_name(app)


def _is_of(line: PromotionLine, app: App, asked: str) -> bool:
    """By its key, or by letters of its name, of today or of then."""
    names = (app_name(app), _name_of_then(line, app))
    return asked in ("", app.key) or any(fold(asked) in fold(name) for name in names)


def _place(address: Address) -> UUID | None:
    try:
        return UUID(address.values("cursor")[-1])
    except (IndexError, ValueError):
        return None

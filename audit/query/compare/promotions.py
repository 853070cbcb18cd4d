"""Finds which versions of which apps were promoted, and which left the path.

The rules are in docs/promotions.md and `promotion_lines`; here is what is read for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.conf import audit_settings
from audit.contracts import EnvironmentInfo, Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import id_floor
from audit.query.directory.identity import find_joined
from audit.query.search.event_query import EventQuery
from audit.query.search.newest_by_type import FAILED, NewestEvent, find_newest
from audit.vocabulary import event_type, types_with

from .promotion_lines import promotion_lines
from .promotion_values import Person, PromotionLine, Step

LOOK_BACK = timedelta(days=90)
MAX_ARRIVALS = 3_000
MAX_EDITS = 2_000
VERSION_KEYS = ("tag", "version", "newVersion")
VERSION_FIELDS = frozenset({"tag", "version"})
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """key: what it is joined by; ids: (environment, id) of each that was seen here"""

    key: str
    name: str | None
    ids: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotions:
    """path: the environments of the path that the viewer sees; lines: newest first
    looked_back_to: how far the events were read, where that was not far enough
    has_production: an environment of any path is production, whether the viewer sees it or not
    has_all_edits: those of all environments were read, so that a stage's edits can be told
    """

    path: tuple[EnvironmentInfo, ...]
    lines: tuple[PromotionLine, ...]
    apps: Mapping[str, App]
    looked_back_to: datetime | None
    has_production: bool
    has_all_edits: bool = False

    @property
    def production(self) -> tuple[str, ...]:
        """The environments where direct changes are told: those of production that one sees."""
        return tuple(info.key for info in self.path if info.is_production)


def find_promotions(
    *,
    scope: Scope,
    start: datetime,
    end: datetime,
    workspaces: Sequence[str] = (),
    application_ids: Sequence[str] = (),
    with_all_edits: bool = False,
) -> Promotions:
    """Return the lines with a step in `[start, end)`.

    application_ids: only of the apps of these ids; with_all_edits: count the edits before each
    arrival too, for which an app has to be given
    """
    whole = [info for info in audit_settings().list_environments() if info.is_on_path]
    path = tuple(info for info in whole if info.key in scope.grants)
    keys = [info.key for info in path]
    include: dict[str, tuple[str, ...]] = {}
    if workspaces:
        include["workspace"] = tuple(workspaces)
    if application_ids:
        include["application"] = tuple(application_ids)
    query = EventQuery(
        scope=_within(scope, keys),
        include=include,
        exclude={"outcome": FAILED},
        start=start - LOOK_BACK,
        end=end,
    )
    edited = [info.key for info in path if with_all_edits or info.is_production]
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    codes = types_with("arrival")
    arrivals = find_newest(cursor, query, codes, limit=MAX_ARRIVALS + 1, texts="all")
    edits = find_newest(
        cursor,
        EventQuery(
            scope=_within(scope, edited),
            include=include,
            exclude=query.exclude,
            start=query.start if with_all_edits else start,
            end=end,
        ),
        types_with("edit"),
        limit=MAX_EDITS + 1,
        texts="names",
    )
    looked_back_to = _looked_back_to(arrivals, edits)
    found = [*arrivals[:MAX_ARRIVALS], *edits[:MAX_EDITS]]
    steps, apps = _steps(cursor, query, found, since=id_floor(start))
    lines = promotion_lines(steps, path=path)
    return Promotions(
        path=path,
        lines=tuple(line for line in lines if any(start <= step.at < end for step in line.steps)),
        apps=apps,
        looked_back_to=looked_back_to,
        has_production=any(info.is_production for info in whole),
        has_all_edits=with_all_edits,
    )


def listed_environments(scope: Scope) -> tuple[EnvironmentInfo, ...]:
    """Return what the host lists and the scope has, on the path or not, in the host's order."""
    return tuple(e for e in audit_settings().list_environments() if e.key in scope.grants)


def version_of(details: Mapping[str, Any]) -> str | None:
    """Return the version that an arrival names. details: the event's part of that name."""
    told = details.get("details")
    for key in VERSION_KEYS if isinstance(told, dict) else ():
        if isinstance(told, dict) and (text := _as_version(told.get(key))):
            return text
    for change in details.get("changes") or ():
        if change.get("field") in VERSION_FIELDS and (text := _as_version(change.get("new"))):
            return text
    return None


def _as_version(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip()[:100] or None


def _within(scope: Scope, environments: Iterable[str]) -> Scope:
    return Scope(grants={key: scope.grants[key] for key in environments})


def _looked_back_to(
    arrivals: Sequence[NewestEvent], edits: Sequence[NewestEvent]
) -> datetime | None:
    reached = [
        found[most - 1].at
        for found, most in ((arrivals, MAX_ARRIVALS), (edits, MAX_EDITS))
        if len(found) > most
    ]
    return max(reached, default=None)


def _steps(
    cursor: psycopg.Cursor[Any], query: EventQuery, found: Sequence[NewestEvent], *, since: UUID
) -> tuple[list[Step], dict[str, App]]:
    """Return the steps of those apps that have one from an id on: others have no line to show."""
    known = find_joined(
        cursor,
        "application",
        ((f.number, f.application_id) for f in found if f.application_id),
        query.scope,
    )
    keyed = [
        (_key_of(one, id_, known), id_, one)
        for one in found
        if (id_ := one.application_id) is not None
    ]
    shown = {key for key, _, one in keyed if one.id >= since}
    steps: list[Step] = []
    names: dict[str, str | None] = {}
    ids: dict[str, dict[tuple[str, str], None]] = {}
    for key, id_, one in keyed:
        if key not in shown:
            continue
        details = _part(one.details)
        told = details.get("application") or {}
        name = known[one.number, id_][1] if (one.number, id_) in known else None
        names[key] = names.get(key) or name or told.get("name")
        ids.setdefault(key, {})[one.environment, id_] = None
        is_arrival = "arrival" in event_type(one.type).traits
        steps.append(
            Step(
                id=one.id,
                place=one.place,
                at=one.at,
                environment=one.environment,
                app=key,
                is_arrival=is_arrival,
                version=version_of(details) if is_arrival else None,
                actor=person_of(one),
                app_name=told.get("name"),
            )
        )
    return steps, {key: App(key=key, name=names[key], ids=tuple(ids[key])) for key in ids}


def _key_of(
    one: NewestEvent, id_: str, known: Mapping[tuple[int, str], tuple[str, str | None]]
) -> str:
    """Return what the app of an event is joined by. known: as `find_joined` gives it"""
    if (one.number, id_) in known:
        return known[one.number, id_][0]
    return f"gid:{one.application_gid}" if one.application_gid else f"id:{id_}"


def person_of(one: NewestEvent) -> Person:
    """Return who it was, under the name of then. one: with its texts"""
    told = _part(one.personal).get("actor") or {}
    return Person(id=one.actor_id, name=told.get("name"))


def _part(text: str | None) -> dict[str, Any]:
    return _decode(text) if text else {}

"""Measures how far the copies of one app are apart: last version, last change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from audit.conf import audit_settings
from audit.contracts import EnvironmentInfo, Scope
from audit.log.cursor import psycopg_cursor
from audit.query.directory.identity import joins_sql, key_sql, seen_sql
from audit.query.search.conditions import environment_numbers
from audit.query.search.event_query import EventQuery
from audit.query.search.newest_by_type import FAILED, NewestEvent, find_newest
from audit.vocabulary import EVENT_TYPES, types_with

from .promotion_lines import same_version
from .promotion_values import Person
from .promotions import App, person_of, version_of

GROUP = "applications"
MAX_IDS = 100
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """The last of something: version is None for what names none."""

    id: UUID
    at: datetime
    type: str
    actor: Person
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An app in one environment. arrival: its last version; change: the last change of any kind
    is_apart: its version is not the one of the first environment of the path that has one
    """

    environment: str
    ids: tuple[str, ...]
    arrival: LastChange | None
    change: LastChange | None
    is_apart: bool = False


def find_app(key: str, *, scope: Scope) -> App | None:
    """Return the app that is joined by this key, as far as the scope has seen it."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    numbers = environment_numbers(cursor, EventQuery(scope=scope))
    if not numbers:
        return None
    seen = seen_sql(cursor, "application", scope)
    cursor.execute(
        "SELECT w.environment, w.subject_id, w.name, w.last_seen FROM ("  # noqa: S608 (SQL of our own, a number)
        f"SELECT c.*, {key_sql('application', 'c.subject_id')} AS key FROM ({seen}) AS c"
        f"{joins_sql('application', 'c.environment', 'c.subject_id', seen)}) AS w"
        f" WHERE w.key = %s ORDER BY w.last_seen DESC LIMIT {MAX_IDS:d}",
        [key],
    )
    keys = {number: name for name, number in numbers.items()}
    rows = cursor.fetchall()
    if not rows:
        return None
    return App(
        key=key,
        name=next((row[2] for row in rows if row[2]), None),
        ids=tuple((keys[row[0]], row[1]) for row in rows),
    )


def find_copies(
    app: App, *, scope: Scope, environments: Iterable[EnvironmentInfo]
) -> tuple[Copy, ...]:
    """Return the app's copy in each of these environments, in their order."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    is_on_path = {info.key: info.is_on_path for info in environments}
    ids = {key: tuple(id_ for where, id_ in app.ids if where == key) for key in is_on_path}
    looks = types_with("look")
    codes = {
        True: types_with("arrival"),
        False: tuple(c for c, one in EVENT_TYPES.items() if one.group == GROUP and c not in looks),
    }
    found: dict[tuple[str, bool], NewestEvent] = {}
    for key in ids:
        query = EventQuery(
            scope=Scope(grants={key: scope.grants[key]}),
            include={"application": ids[key]},
            exclude={"outcome": FAILED},
        )
        for is_arrival in codes if ids[key] else ():
            newest = find_newest(cursor, query, codes[is_arrival], limit=1, texts="all")
            if newest:
                found[key, is_arrival] = newest[0]
    changes = {place: _change(one) for place, one in found.items()}
    arrivals = {key: changes.get((key, True)) for key in ids}
    versions = (one.version for key, one in arrivals.items() if one and is_on_path[key])
    first = next((version for version in versions if version), None)
    return tuple(
        Copy(
            environment=key,
            ids=ids[key],
            arrival=arrival,
            change=changes.get((key, False)),
            is_apart=is_on_path[key] and _is_apart(arrival, first),
        )
        for key, arrival in arrivals.items()
    )


def _change(one: NewestEvent) -> LastChange:
    return LastChange(
        id=one.id,
        at=one.at,
        type=one.type,
        actor=person_of(one),
        version=version_of(_decode(one.details)) if one.details else None,
    )


def _is_apart(arrival: LastChange | None, first: str | None) -> bool:
    if arrival is None or arrival.version is None or first is None:
        return False
    return same_version(arrival.version) != same_version(first)

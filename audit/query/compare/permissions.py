"""Compares the permissions that were given in environments, or periods.

Folded from the events that gave and took them, oldest first: what a permission came to by the end
of each column. What was given before the period began isn't known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.query.directory.identity import Dimension, find_joined
from audit.query.document import fetch_documents
from audit.query.search.conditions import scope_condition
from audit.query.search.event_query import EventQuery
from audit.query.search.newest_by_type import FAILED, NewestEvent, find_newest
from audit.vocabulary import event_type, types_with
from audit.vocabulary.folding import one_form
from audit.vocabulary.things import NamedThing, as_words, find_any_thing, find_targets, is_person

from .comparison import CompareQuery

MAX_EVENTS = 500
State = Literal["given", "taken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionCount:
    """What it came to: role as it was sent, or None; event: that says so."""

    state: State
    role: str | None
    event: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Somebody's permission on one thing. cells: one a column, None where nothing was said."""

    thing_kind: str
    thing: str
    holder_kind: str
    holder: str
    cells: tuple[PermissionCount | None, ...]

    @property
    def differs(self) -> bool:
        return len({(c.state, c.role) if c else None for c in self.cells}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """is_cut: a column had more than MAX_EVENTS such events; its newest were read."""

    rows: tuple[Permission, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one event says of one permission."""

    found: NewestEvent
    thing_kind: str
    thing: NamedThing
    holder_kind: str
    holder: NamedThing
    state: State
    role: str | None


def compare_permissions(query: CompareQuery) -> Permissions:
    """Return the permissions that events of the columns speak of, differing ones first."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    cells: dict[tuple[str, str, str, str], list[PermissionCount | None]] = {}
    names: dict[tuple[str, str, str, str], tuple[str, str]] = {}
    is_cut = False
    codes = types_with("grant", "revocation")
    for index, column in enumerate(query.columns):
        search = query.column_query(column)
        search = EventQuery(
            scope=search.scope,
            include={k: v for k, v in search.include.items() if k == "workspace"},
            exclude={"outcome": FAILED},
            start=search.start,
            end=search.end,
        )
        found = find_newest(cursor, search, codes, limit=MAX_EVENTS + 1)
        is_cut |= len(found) > MAX_EVENTS
        said = list(_said(cursor, search, found[:MAX_EVENTS]))
        keys = _Keys(cursor, search, said)
        for one in reversed(said):
            key = keys(one)
            row = cells.setdefault(key, [None] * len(query.columns))
            row[index] = PermissionCount(state=one.state, role=one.role, event=one.found.id)
            names[key] = (one.thing.label or "", one.holder.label or "")
    rows = [
        Permission(
            thing_kind=key[0],
            thing=names[key][0],
            holder_kind=key[2],
            holder=names[key][1],
            cells=tuple(row),
        )
        for key, row in cells.items()
    ]
    rows.sort(key=lambda row: (not row.differs, row.thing.casefold(), row.holder.casefold()))
    return Permissions(rows=tuple(rows), is_cut=is_cut)


def _said(
    cursor: psycopg.Cursor[Any], search: EventQuery, found: list[NewestEvent]
) -> Iterator[_Said]:
    scoped = scope_condition(cursor, search)
    by_id = {str(one.id): one for one in found}
    for document in fetch_documents(cursor, [one.id for one in found], scoped=scoped):
        thing = find_any_thing(document)
        if thing is None:
            continue
        one = by_id[document.id]
        details = document.details
        targets = find_targets(document)
        if not targets and (number := as_words(details.get("permissionId"))):
            targets = (NamedThing(type="permission", id=number, name=None),)
        role = as_words(details.get("role")) or as_words(details.get("newPermission"))
        traits = event_type(one.type).traits
        is_taken = "revocation" in traits and ("grant" not in traits or role is None)
        for target in targets:
            yield _Said(
                found=one,
                thing_kind=thing[0],
                thing=thing[1],
                holder_kind="user" if is_person(target) else target.type,
                holder=target,
                state="taken" if is_taken else "given",
                role=None if is_taken else role,
            )


class _Keys:
    """What a permission is joined by: kind and key of the thing, and of whoever holds it."""

    def __init__(self, cursor: psycopg.Cursor[Any], search: EventQuery, said: list[_Said]) -> None:
        kinds: Mapping[Dimension, set[tuple[int, str]]] = {
            "application": {(s.found.number, s.thing.id) for s in said if s.thing.id},
            "data_source": {(s.found.number, s.thing.id) for s in said if s.thing.id},
            "actor": {(s.found.number, s.holder.id) for s in said if s.holder.id},
        }
        self._known = {
            kind: find_joined(cursor, kind, ids, search.scope) for kind, ids in kinds.items()
        }

    def __call__(self, one: _Said) -> tuple[str, str, str, str]:
        kind: Dimension = "application" if one.thing_kind == "app" else "data_source"
        return (
            one.thing_kind,
            self._key(kind, one.found.number, one.thing),
            one.holder_kind,
            self._key("actor" if one.holder_kind == "user" else None, one.found.number, one.holder),
        )

    def _key(self, kind: Dimension | None, number: int, named: NamedThing) -> str:
        known = self._known[kind].get((number, named.id or "")) if kind else None
        if known is not None:
            return known[0]
        if kind != "actor" and named.name:
            return f"name:{one_form(named.name).casefold()}"
        return f"id:{named.id}"

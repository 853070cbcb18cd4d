"""Who and what is there to choose from? Pick-lists by the first letters, those last seen first.

Read from what the worker notes of each counted event, never from the events: who sees a whole
environment chooses from its subjects, who is bound to workspaces from the subjects of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import SYSTEM_ENVIRONMENT, Scope, audit_settings
from audit.models.subject import MAX_NAME_PREFIX
from audit.record import registry
from audit.record.rows import workspace_key
from audit.record.store import own_cursor

Kind = Literal["actor", "application", "workspace", "resource", "type"]
RESOURCE = "resource:"
MAX_LIMIT = 1_000
MAX_RESOURCE_TYPES = 50
# So many that were seen last are tried first; where letters are shared by many, that is enough.
NEWEST = 2_000
# So many are taken from each index where the newest were not enough.
CANDIDATES = 2_000

# kind, id, environment's number, name, e-mail, gid, last seen
_Row = tuple[str, str, int, str | None, str | None, str | None, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One id as it was last seen in the scope.

    resource_type: of resources only; environments: keys of those it was seen in
    """

    id: str
    name: str | None
    email: str | None
    gid: str | None
    resource_type: str | None
    environments: tuple[str, ...]
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """complete: whether these are all that match."""

    results: tuple[Subject, ...]
    complete: bool


def find_subjects(
    *,
    kind: Kind,
    scope: Scope,
    prefix: str = "",
    resource_type: str | None = None,
    limit: int = 10,
) -> Subjects:
    """Return those whose name, e-mail or id begins with the prefix, the ones last seen first.

    Names and e-mails in any case, ids as they are. limit: up to MAX_LIMIT. Where thousands match,
    those among them that were seen long ago may be told in another order than by time. The
    system's own environment is left out unless it is all that the scope has.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit {limit} is not within 1 to {MAX_LIMIT}")
    cursor = own_cursor(audit_settings().DATABASE)
    numbers = _numbers(cursor, _environments(scope))
    spots = list(_all_spots(cursor, scope, numbers, kind, resource_type))
    rows = [row for each in spots for row in _matching(cursor, each, prefix, limit + 1)]
    newest = sorted(rows, key=lambda row: row[6], reverse=True)
    chosen = list(dict.fromkeys((row[0], row[1]) for row in newest))
    keys = {number: key for key, number in numbers.items()}
    return Subjects(
        results=tuple(_described(cursor, spots, chosen[:limit], keys)),
        complete=len(chosen) <= limit,
    )


def names_of(*, kind: Kind, ids: Sequence[str], scope: Scope) -> dict[str, str]:
    """Return the last known names of those ids that have one in the scope."""
    cursor = own_cursor(audit_settings().DATABASE)
    numbers = _numbers(cursor, scope.environments)
    rows: list[_Row] = []
    for spots in _all_spots(cursor, scope, numbers, kind, None):
        rows += spots.fetch_ids(cursor, ids)
    rows.sort(key=lambda row: row[6])
    return {row[1]: row[3] for row in rows if row[3]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spots:
    """Where to look: pairs of an environment's number and a kind, of one of the two tables.

    workspaces: keys, one for each pair, of `audit_workspacesubject`; only: ids that may be told
    """

    environments: Sequence[int]
    kinds: Sequence[str]
    workspaces: Sequence[UUID] | None = None
    only: Sequence[str] | None = None

    @property
    def base(self) -> str:
        """`FROM … WHERE …` of one spot `p`; its rows are `s`."""
        table, conditions = "audit_subject", ["s.environment = p.environment", "s.kind = p.kind"]
        if self.workspaces is not None:
            table = "audit_workspacesubject"
            conditions.insert(1, "s.workspace_key = p.workspace_key")
        if self.only is not None:
            conditions.append("s.subject_id = ANY(%(only)s)")
        return f"FROM {table} s WHERE {' AND '.join(conditions)}"

    def fetch(self, cursor: psycopg.Cursor[Any], body: str, **params: Any) -> list[_Row]:
        """Return the rows of a SELECT that is run in each spot."""
        # Planned with its values each time: an index serves a prefix only where it is known.
        cursor.execute(
            "SELECT f.kind, f.subject_id, f.environment, f.name, f.email, f.gid, f.last_seen"
            " FROM unnest(%(environments)s::int2[], %(kinds)s::text[], %(workspaces)s::uuid[])"
            f" AS p (environment, kind, workspace_key) CROSS JOIN LATERAL ({body}) AS f",
            {
                "environments": list(self.environments),
                "kinds": list(self.kinds),
                "workspaces": list(self.workspaces or ()),
                "only": list(self.only or ()),
                **params,
            },
            prepare=False,
            binary=True,
        )
        return cursor.fetchall()

    def fetch_ids(self, cursor: psycopg.Cursor[Any], ids: Sequence[str]) -> list[_Row]:
        """Return the rows of these ids."""
        if not ids or not self.kinds:
            return []
        return self.fetch(
            cursor, f"SELECT s.* {self.base} AND s.subject_id = ANY(%(ids)s)", ids=list(ids)
        )


def _numbers(cursor: psycopg.Cursor[Any], keys: Sequence[str]) -> dict[str, int]:
    """Return the numbers of environments, in the order of the keys."""
    known = registry.ENVIRONMENTS.find(cursor, keys)
    return {key: known[key] for key in keys if key in known}


def _environments(scope: Scope) -> tuple[str, ...]:
    keys = scope.environments
    return keys if len(keys) == 1 else tuple(k for k in keys if k != SYSTEM_ENVIRONMENT)


def _all_spots(
    cursor: psycopg.Cursor[Any],
    scope: Scope,
    numbers: dict[str, int],
    kind: Kind,
    resource_type: str | None,
) -> Iterator[_Spots]:
    """Yield the spots of whole environments together, then those of workspaces."""
    whole = [number for key, number in numbers.items() if scope.grants[key] is None]
    bound = [
        (number, workspace)
        for key, number in numbers.items()
        for workspace in sorted(scope.grants[key] or ())
    ]
    kinds = [RESOURCE + resource_type] if resource_type is not None else [kind]
    if kind == "workspace":
        yield _Spots(environments=whole, kinds=kinds * len(whole))
        for number in sorted({number for number, _ in bound}):
            only = [workspace for n, workspace in bound if n == number]
            yield _Spots(environments=[number], kinds=kinds, only=only)
        return
    places = [
        _Spots(environments=whole, kinds=kinds * len(whole)),
        _Spots(
            environments=[number for number, _ in bound],
            kinds=kinds * len(bound),
            workspaces=[workspace_key(workspace) for _, workspace in bound],
        ),
    ]
    for place in places:
        if place.environments:
            is_open = kind == "resource" and resource_type is None
            yield _resource_spots(cursor, place) if is_open else place


def _resource_spots(cursor: psycopg.Cursor[Any], place: _Spots) -> _Spots:
    """The same spots once for each type of resource seen there, by skipping from type to type."""
    after = f"(SELECT s.kind {place.base} AND s.kind > {{}} ORDER BY s.kind LIMIT 1)".replace(
        " AND s.kind = p.kind", ""
    )
    cursor.execute(
        "SELECT p.environment, p.workspace_key, k.kind"
        " FROM unnest(%(environments)s::int2[], %(workspaces)s::uuid[])"
        " AS p (environment, workspace_key) CROSS JOIN LATERAL ("
        f"WITH RECURSIVE walk (kind) AS (SELECT {after.format('%(first)s')} UNION ALL"
        f" SELECT {after.format('walk.kind')} FROM walk WHERE walk.kind ^@ %(first)s)"
        f" SELECT kind FROM walk WHERE kind ^@ %(first)s LIMIT {MAX_RESOURCE_TYPES:d}) AS k",
        {
            "environments": list(place.environments),
            "workspaces": list(place.workspaces or ()),
            "first": RESOURCE,
        },
    )
    rows = cursor.fetchall()
    return _Spots(
        environments=[row[0] for row in rows],
        kinds=[row[2] for row in rows],
        workspaces=None if place.workspaces is None else [row[1] for row in rows],
    )


def _matching(cursor: psycopg.Cursor[Any], spots: _Spots, prefix: str, wanted: int) -> list[_Row]:
    """Return rows that match, the ones seen last among them; over `wanted` ids if there are."""
    if not spots.kinds:
        return []
    base = spots.base
    newest = "ORDER BY s.last_seen DESC LIMIT"
    if not prefix:
        return spots.fetch(cursor, f"SELECT s.* {base} {newest} {wanted:d}")
    starts = "s.name_lower ^@ %(lower)s", "lower(s.email) ^@ %(lower)s", "s.subject_id ^@ %(id)s"
    given = {"lower": prefix.lower()[:MAX_NAME_PREFIX], "id": prefix}
    share = NEWEST // len(spots.kinds)
    rows = spots.fetch(
        cursor,
        f"SELECT s.* FROM (SELECT s.* {base} {newest} {share:d}) AS s"
        f" WHERE {' OR '.join(starts)} {newest} {wanted:d}",
        **given,
    )
    if len({row[:2] for row in rows}) >= wanted:
        return rows
    each = CANDIDATES // len(spots.kinds)
    orders = "s.name_lower USING ~<~", "lower(s.email) USING ~<~", "s.subject_id"
    found = " UNION ".join(
        f"(SELECT s.* {base} AND {start} ORDER BY {order} LIMIT {each:d})"
        for start, order in zip(starts, orders, strict=True)
    )
    more = spots.fetch(cursor, f"SELECT s.* FROM ({found}) AS s {newest} {wanted:d}", **given)
    return rows + more


def _described(
    cursor: psycopg.Cursor[Any],
    spots: Sequence[_Spots],
    chosen: Sequence[tuple[str, str]],
    keys: dict[int, str],
) -> Iterator[Subject]:
    """What all environments of the scope say of each id together; the last to see it names it."""
    rows: dict[tuple[str, str], list[_Row]] = {pair: [] for pair in chosen}
    for each in spots:
        for row in each.fetch_ids(cursor, [id_ for _, id_ in chosen]):
            if row[:2] in rows:
                rows[row[:2]].append(row)
    for (kind, id_), seen in rows.items():
        seen.sort(key=lambda row: row[6], reverse=True)
        numbers = {row[2] for row in seen}
        yield Subject(
            id=id_,
            name=next((row[3] for row in seen if row[3]), None),
            email=next((row[4] for row in seen if row[4]), None),
            gid=next((row[5] for row in seen if row[5]), None),
            resource_type=kind.removeprefix(RESOURCE) if kind.startswith(RESOURCE) else None,
            environments=tuple(key for number, key in keys.items() if number in numbers),
            last_seen=seen[0][6],
        )

"""Finds where the subjects are kept that a scope may choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.contracts import Scope
from audit.log.hashes import list_key, text_key
from audit.models.subject import RESOURCE
from audit.models.subject_word import NO_WORKSPACE

Kind = Literal["actor", "application", "workspace", "resource", "type"]
MAX_RESOURCE_TYPES = 50
_SPOT = (
    "unnest(%(environments)s::int2[], %(kinds)s::text[], %(workspaces)s::uuid[], %(lists)s::int8[])"
    " AS p (environment, kind, workspace_key, list_key)"
)
# kind, id, environment's number, name, e-mail, gid, last seen
Row = tuple[str, str, int, str | None, str | None, str | None, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
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

    @property
    def words_base(self) -> str:
        """`FROM … WHERE …` of one spot's words `w`."""
        only = " AND w.subject_id = ANY(%(only)s)" if self.only is not None else ""
        return f"FROM audit_subjectword w WHERE w.list_key = p.list_key{only}"

    def has_word(self, number: int, key: str) -> str:
        """The condition that the subject of this key has a word that begins with %(word…)s."""
        return (
            "EXISTS (SELECT FROM audit_subjectword v WHERE v.list_key = p.list_key"
            f" AND v.subject_key = {key} AND v.word ^@ %(word{number})s)"
        )

    def fetch(self, cursor: psycopg.Cursor[Any], body: str, **params: Any) -> list[Row]:
        """Return the rows of a SELECT that is run in each spot."""
        return self._ask(
            cursor,
            "SELECT f.kind, f.subject_id, f.environment, f.name, f.email, f.gid, f.last_seen"  # noqa: S608 (constants and numbers of our own)
            f" FROM {_SPOT} CROSS JOIN LATERAL ({body}) AS f",
            params,
        )

    def sum_up(
        self, cursor: psycopg.Cursor[Any], numbers: Sequence[str], **params: Any
    ) -> list[int]:
        """Return the sums over all spots of what each of these expressions is in a spot."""
        sums = ", ".join(f"sum({number})::int8" for number in numbers)
        return list(self._ask(cursor, f"SELECT {sums} FROM {_SPOT}", params)[0])  # noqa: S608 (a constant of this module)

    def _ask(self, cursor: psycopg.Cursor[Any], sql: str, params: dict[str, Any]) -> list[Any]:
        # Planned with its values each time: an index serves a prefix only where it is known.
        cursor.execute(
            sql,
            {
                "environments": list(self.environments),
                "kinds": list(self.kinds),
                "workspaces": list(self.workspaces or ()),
                "lists": self._lists(),
                "only": list(self.only or ()),
                **params,
            },
            prepare=False,
            binary=True,
        )
        return cursor.fetchall()

    def _lists(self) -> list[int]:
        """The keys of the words of each spot."""
        workspaces = self.workspaces or (NO_WORKSPACE,) * len(self.environments)
        return list(map(list_key, self.environments, workspaces, self.kinds))

    def fetch_ids(self, cursor: psycopg.Cursor[Any], ids: Sequence[str]) -> list[Row]:
        """Return the rows of these ids."""
        if not ids or not self.kinds:
            return []
        return self.fetch(
            cursor, f"SELECT s.* {self.base} AND s.subject_id = ANY(%(ids)s)", ids=list(ids)
        )


def all_spots(
    cursor: psycopg.Cursor[Any],
    scope: Scope,
    numbers: dict[str, int],
    kind: Kind,
    resource_type: str | None,
) -> Iterator[Spots]:
    """Yield the spots of whole environments together, then those of workspaces."""
    whole = [number for key, number in numbers.items() if scope.grants[key] is None]
    bound = [
        (number, workspace)
        for key, number in numbers.items()
        for workspace in sorted(scope.grants[key] or ())
    ]
    kinds = [RESOURCE + resource_type] if resource_type is not None else [kind]
    if kind == "workspace":
        yield Spots(environments=whole, kinds=kinds * len(whole))
        for number in sorted({number for number, _ in bound}):
            only = [workspace for n, workspace in bound if n == number]
            yield Spots(environments=[number], kinds=kinds, only=only)
        return
    places = [
        Spots(environments=whole, kinds=kinds * len(whole)),
        Spots(
            environments=[number for number, _ in bound],
            kinds=kinds * len(bound),
            workspaces=[text_key(workspace) for _, workspace in bound],
        ),
    ]
    for place in places:
        if place.environments:
            is_open = kind == "resource" and resource_type is None
            yield _resource_spots(cursor, place) if is_open else place


def _resource_spots(cursor: psycopg.Cursor[Any], place: Spots) -> Spots:
    """The same spots once for each type of resource seen there, by skipping from type to type."""
    after = f"(SELECT s.kind {place.base} AND s.kind > {{}} ORDER BY s.kind LIMIT 1)".replace(
        " AND s.kind = p.kind", ""
    )
    cursor.execute(
        "SELECT p.environment, p.workspace_key, k.kind"  # noqa: S608 (constants and numbers of our own)
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
    return Spots(
        environments=[row[0] for row in rows],
        kinds=[row[2] for row in rows],
        workspaces=None if place.workspaces is None else [row[1] for row in rows],
    )

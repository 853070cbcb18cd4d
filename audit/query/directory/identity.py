"""Joins people and things that are the same in several environments.

An id means something in its own environment alone. People are joined by e-mail, else by id; apps
by gid, else by name, else by id; data sources and workspaces by name, else by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import psycopg

from audit.contracts import Scope
from audit.log import registry
from audit.log.hashes import text_key

Dimension = Literal["actor", "application", "data_source", "workspace"]
KINDS: Mapping[Dimension, str] = {
    "actor": "actor",
    "application": "application",
    "data_source": "resource:data_source",
    "workspace": "workspace",
}
# The key under which ids of all environments are one, over a subject `k` and an id. Keys of
# different kinds never meet: each begins with what it is.
_BY_NAME = "CASE WHEN k.name_lower <> '' THEN 'name:' || k.name_lower ELSE 'id:' || {id} END"
_KEYS: Mapping[Dimension, str] = {
    "actor": "coalesce('email:' || nullif(lower(k.email), ''), 'id:' || {id})",
    "application": "coalesce('gid:' || nullif(k.gid, ''), 'gid:' || g.gid, " + _BY_NAME + ")",
    "data_source": _BY_NAME,
    "workspace": _BY_NAME,
}


def key_sql(dimension: Dimension, id_column: str) -> str:
    """Return SQL for the key, over what `joins_sql` joins."""
    return _KEYS[dimension].format(id=id_column)


def seen_sql(cursor: psycopg.Cursor[Any], dimension: Dimension, scope: Scope) -> str:
    """Return a SELECT of the subjects that the scope has seen, under the names known inside it.

    Who is bound to workspaces is told what events of these said, not what others knew. Workspaces
    themselves are known by their ids.
    """
    numbers = registry.ENVIRONMENTS.find(cursor, scope.environments)
    columns = "environment, subject_id, name, name_lower, email, gid, last_seen"
    kind = f"kind = '{KINDS[dimension]}'"
    is_whole = {
        number: scope.grants[key] is None or dimension == "workspace"
        for key, number in numbers.items()
    }
    listed = ", ".join(str(number) for number in sorted(is_whole) if is_whole[number]) or "NULL"
    parts = [f"SELECT {columns} FROM audit_subject WHERE {kind} AND environment IN ({listed})"]  # noqa: S608 (kinds, columns and numbers of our own)
    for key, number in sorted(numbers.items()):
        if not is_whole[number] and (bound := scope.grants[key]):
            keys = ", ".join(f"'{text_key(workspace)}'" for workspace in sorted(bound))
            parts.append(
                f"(SELECT DISTINCT ON (subject_id) {columns} FROM audit_workspacesubject"  # noqa: S608 (kinds, columns and numbers of our own)
                f" WHERE {kind} AND environment = {number:d} AND workspace_key IN ({keys})"
                " ORDER BY subject_id, last_seen DESC)"
            )
    return " UNION ALL ".join(parts)


def joins_sql(
    dimension: Dimension, environment_column: str, id_column: str, seen: str, *, few: bool = False
) -> str:
    """Return the joins that `key_sql` needs. seen: as `seen_sql` says it

    An app without gid is the app with a gid whose name it has, where there is just one such.
    few: of so few ids that each may be looked for by itself, where it has no gid
    """
    sql = (
        f" LEFT JOIN ({seen}) AS k ON k.environment = {environment_column}"
        f" AND k.subject_id = {id_column}"
    )
    if dimension != "application":
        return sql
    named = f"FROM ({seen}) AS n WHERE n.gid <> '' AND n.name_lower <> ''"
    if few:
        # All names at once would be gone through for each id: the planner expects one.
        return (
            f"{sql} LEFT JOIN LATERAL (SELECT min(n.gid) AS gid {named} AND k.gid IS NULL"
            " AND n.name_lower = k.name_lower HAVING count(DISTINCT n.gid) = 1) AS g ON true"
        )
    return (
        f"{sql} LEFT JOIN (SELECT n.name_lower, min(n.gid) AS gid {named}"
        " GROUP BY 1 HAVING count(DISTINCT n.gid) = 1) AS g"
        " ON g.name_lower = k.name_lower AND k.gid IS NULL"
    )


def find_joined(
    cursor: psycopg.Cursor[Any],
    dimension: Dimension,
    ids: Iterable[tuple[int, str]],
    scope: Scope,
) -> dict[tuple[int, str], tuple[str, str | None]]:
    """Return the key and the last known name of each (environment, id) that has been seen."""
    pairs = sorted(set(ids))
    seen = seen_sql(cursor, dimension, scope)
    cursor.execute(
        f"SELECT w.environment, w.id, {key_sql(dimension, 'w.id')}, k.name"  # noqa: S608 (kinds, columns and numbers of our own)
        " FROM unnest(%s::int[], %s::text[]) AS w (environment, id)"
        f"{joins_sql(dimension, 'w.environment', 'w.id', seen, few=True)}"
        " WHERE k.subject_id IS NOT NULL",
        [[number for number, _ in pairs], [id_ for _, id_ in pairs]],
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in cursor}

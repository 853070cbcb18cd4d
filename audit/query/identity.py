"""Who, and what, is the same in another environment?

An id means something in its own environment alone. People are joined by e-mail, else by id; apps
by gid, else by name, else by id; data sources and workspaces by name, else by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

Dimension = Literal["actor", "application", "data_source", "workspace"]
DIMENSIONS: tuple[Dimension, ...] = ("actor", "application", "data_source", "workspace")
KINDS: Mapping[Dimension, str] = {
    "actor": "actor",
    "application": "application",
    "data_source": "resource:data_source",
    "workspace": "workspace",
}
# The key under which ids of all environments are one, over `audit_subject k` and an id. Keys of
# different kinds never meet: each begins with what it is.
_BY_NAME = "CASE WHEN k.name_lower <> '' THEN 'name:' || k.name_lower ELSE 'id:' || {id} END"
_KEYS: Mapping[Dimension, str] = {
    "actor": "coalesce('email:' || nullif(lower(k.email), ''), 'id:' || {id})",
    "application": "coalesce('gid:' || nullif(k.gid, ''), 'gid:' || g.gid, " + _BY_NAME + ")",
    "data_source": _BY_NAME,
    "workspace": _BY_NAME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """One app (or person) of all environments.

    ids: (environment, id) of each that goes by this key
    """

    key: str
    name: str | None
    ids: tuple[tuple[str, str], ...]


def key_sql(dimension: Dimension, id_column: str) -> str:
    """Return SQL for the key, over `audit_subject k` and what `joins_sql` joins."""
    return _KEYS[dimension].format(id=id_column)


def joins_sql(
    dimension: Dimension, environment_column: str, id_column: str, environments: Iterable[int]
) -> str:
    """Return the joins that `key_sql` needs.

    An app without gid is the app with a gid whose name it has, where there is just one such.
    """
    sql = (
        f" LEFT JOIN audit_subject k ON k.environment = {environment_column}"
        f" AND k.kind = '{KINDS[dimension]}' AND k.subject_id = {id_column}"
    )
    if dimension == "application":
        listed = ", ".join(str(number) for number in sorted(environments)) or "NULL"
        sql += (
            " LEFT JOIN (SELECT n.name_lower, min(n.gid) AS gid FROM audit_subject n"
            f" WHERE n.kind = 'application' AND n.environment IN ({listed}) AND n.gid <> ''"
            " AND n.name_lower <> '' GROUP BY 1 HAVING count(DISTINCT n.gid) = 1) AS g"
            " ON g.name_lower = k.name_lower AND k.gid IS NULL"
        )
    return sql


def find_joined(
    cursor: psycopg.Cursor[Any],
    dimension: Dimension,
    ids: Iterable[tuple[int, str]],
    environments: Iterable[int],
) -> dict[tuple[int, str], tuple[str, str | None]]:
    """Return the key and the last known name of each (environment, id) that has been seen."""
    pairs = sorted(set(ids))
    key = key_sql(dimension, "w.id")
    cursor.execute(
        f"SELECT w.environment, w.id, {key}, k.name"
        " FROM unnest(%s::int[], %s::text[]) AS w (environment, id)"
        f"{joins_sql(dimension, 'w.environment', 'w.id', environments)}"
        " WHERE k.subject_id IS NOT NULL",
        [[number for number, _ in pairs], [id_ for _, id_ in pairs]],
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in cursor}

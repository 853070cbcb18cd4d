"""Keeps the names under which people and things were last seen, for pick-lists and comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.log.hashes import text_key
from audit.log.ids import micros_of_bytes
from audit.models.subject import MAX_EMAIL_CHARACTERS, MAX_NAME_PREFIX, RESOURCE
from audit.vocabulary.folding import one_form

from .batch import Batch
from .names import EventNames
from .subject_words import Renamed, update_words

# `last_seen` is written when it is so much later: else each event would write its rows anew, with
# an entry in each of their indexes.
EXACT_WITHIN_SECONDS = 60
# The keys of a row come first, then these.
_VALUES = {
    "name": "text",
    "name_lower": "text",
    "email": "text",
    "gid": "text",
    "last_seen": "int8",  # microseconds since 1970
}
_NAMES = ("name", "name_lower", "email", "gid")
_LAST_SEEN = "TIMESTAMPTZ '1970-01-01Z' + s.last_seen * interval '1 microsecond' AS last_seen"

# Workspace, kind and id; None where there is none
_Key = tuple[str | None, str, str | None]
_Names = tuple[str | None, ...]


# A struct, since one is made for every subject of every batch.
class SeenSubject(msgspec.Struct, frozen=True, kw_only=True):
    """One id as the events show it: the newest of them, and what only older ones knew.

    last: the id of the newest event, 16 bytes
    """

    last: bytes
    name: str | None = None
    email: str | None = None
    gid: str | None = None


class SubjectTally:
    """Keeps the names of all subjects in events of one environment, and in which workspaces.

    An older event never overwrites a newer name (of two within EXACT_WITHIN_SECONDS: of those that
    are counted together).
    """

    def __init__(self, environment: int) -> None:
        self._environment = environment
        self._seen: dict[_Key, SeenSubject] = {}

    def add(self, batch: Batch) -> None:
        indexes = range(len(batch.ids))
        gids = batch.columns["application_gid"]
        for keys, read in _subjects(batch, EventNames(batch)):
            last = dict(zip(keys, indexes, strict=True))
            found = _newest(keys, last, read)
            is_application = keys[0][1] == "application"
            gid = {k: g for k, g in zip(keys, gids, strict=True) if g} if is_application else {}
            for key, values in found.items():
                name, email = (*values, None, None)[:2]
                seen = SeenSubject(
                    last=batch.ids[last[key]],
                    name=name,
                    email=email,
                    gid=gid.get(key),
                )
                self._seen[key] = _merged(seen, self._seen.get(key))

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        everywhere: dict[tuple[Any, ...], SeenSubject] = {}
        in_workspace: dict[tuple[Any, ...], SeenSubject] = {}
        for (workspace, kind, id_), seen in self._seen.items():
            everywhere[kind, id_] = _merged(seen, everywhere.get((kind, id_)))
            if workspace is not None and kind != "workspace":
                in_workspace[_workspace_key(workspace), kind, id_] = seen
        keys = {"kind": "text", "subject_id": "text"}
        renamed = _upsert(cursor, "audit_subject", keys, self._environment, everywhere)
        keys = {"workspace_key": "uuid", **keys}
        renamed += _upsert(cursor, "audit_workspacesubject", keys, self._environment, in_workspace)
        update_words(cursor, renamed)


def _subjects(
    batch: Batch, names: EventNames
) -> Iterator[tuple[Sequence[_Key], Callable[[int], _Names]]]:
    """Yield, for each kind, every event's key, and what reads its name by the event's index."""
    columns = batch.columns
    workspaces = columns["workspace_id"]
    for kind, ids, read in (
        ("type", columns["code"], _nameless),
        ("workspace", workspaces, names.workspace),
        ("actor", columns["actor_id"], names.actor),
        ("application", columns["application_id"], names.application),
    ):
        yield list(zip(workspaces, repeat(kind), ids)), read
    kinds = [f"{RESOURCE}{type_}" for type_ in columns["resource_type"]]
    yield list(zip(workspaces, kinds, columns["resource_id"], strict=True)), names.resource


def _nameless(index: int) -> _Names:
    return ()


def _newest(
    keys: Sequence[_Key], last: Mapping[_Key, int], read: Callable[[int], _Names]
) -> dict[_Key, _Names]:
    """Return the names that the newest event of each key has, or else an older one."""
    found = {key: read(index) for key, index in last.items() if key[2] is not None}
    lacking = {key for key, values in found.items() if None in values}
    for index in reversed(range(len(keys))) if lacking else ():
        key = keys[index]
        if key in lacking:
            values = tuple(a or b for a, b in zip(found[key], read(index), strict=True))
            found[key] = values
            if None not in values:
                lacking.discard(key)
    return found


def _merged(seen: SeenSubject, known: SeenSubject | None) -> SeenSubject:
    """The newer sighting, with what only the older one knew."""
    if known is None:
        return seen
    # Of the same instant, what was taken up later was handed in later.
    newer, older = (seen, known) if seen.last[:8] >= known.last[:8] else (known, seen)
    return SeenSubject(
        last=newer.last,
        name=newer.name or older.name,
        email=newer.email or older.email,
        gid=newer.gid or older.gid,
    )


@lru_cache(maxsize=10_000)
def _workspace_key(workspace_id: str) -> UUID:
    return text_key(workspace_id)


def _upsert(
    cursor: psycopg.Cursor[Any],
    table: str,
    keys: Mapping[str, str],
    environment: int,
    rows: Mapping[tuple[Any, ...], SeenSubject],
) -> list[Renamed]:
    """Add rows to a table of subjects, or bring those up to date that say something else. Returns
    those that have another name now.

    What stays as it is isn't touched at all: an update that changes nothing would lock its row.
    """
    if not rows:
        return []
    columns = {**keys, **_VALUES}
    # In sorted order, so that whoever else writes them can't make a deadlock of it.
    values = [(*key, *_values(seen)) for key, seen in sorted(rows.items(), key=lambda row: row[0])]
    same_key = " AND ".join(f"n.{name} = u.{name}" for name in keys)
    news = " OR ".join(
        f"(u.{name} <> n.{name} AND u.last_seen >= n.last_seen)"
        f" OR (u.{name} IS NOT NULL AND n.{name} IS NULL)"
        for name in _NAMES
    )
    newer = ", ".join(
        f"{name} = CASE WHEN excluded.last_seen >= k.last_seen"
        f" THEN coalesce(excluded.{name}, k.{name}) ELSE coalesce(k.{name}, excluded.{name}) END"
        for name in _NAMES
    )
    cursor.execute(
        f"WITH news AS (SELECT u.*, n.name AS was"  # noqa: S608 (tables and columns of our own, numbers)
        f" FROM (SELECT {', '.join((*keys, *_NAMES))}, {_LAST_SEEN}"
        f" FROM unnest({', '.join(f'%b::{kind}[]' for kind in columns.values())})"
        f" AS s ({', '.join(columns)})) AS u"
        f" LEFT JOIN {table} n ON n.environment = {environment:d} AND {same_key}"
        f" WHERE n.environment IS NULL OR {news}"
        f" OR u.last_seen >= n.last_seen + interval '{EXACT_WITHIN_SECONDS:d} seconds'"
        f"), kept AS (INSERT INTO {table} AS k (environment, {', '.join(columns)})"
        f" SELECT {environment:d}, {', '.join(columns)} FROM news"
        f" ON CONFLICT (environment, {', '.join(keys)}) DO UPDATE SET {newer},"
        " last_seen = greatest(k.last_seen, excluded.last_seen)"
        f" RETURNING {', '.join(f'k.{key}' for key in keys)}, k.name)"
        f" SELECT {', '.join(keys)}, kept.name, news.was"
        f" FROM kept JOIN news USING ({', '.join(keys)})"
        " WHERE kept.name IS DISTINCT FROM news.was",
        [list(column) for column in zip(*values, strict=True)],
    )
    return [
        Renamed(
            environment=environment,
            name=row[-2],
            old_name=row[-1],
            **dict(zip(keys, row, strict=False)),
        )
        for row in cursor.fetchall()
    ]


def _values(seen: SeenSubject) -> tuple[Any, ...]:
    """The values of _VALUES, short enough to be indexed."""
    name_lower = one_form(seen.name).lower()[:MAX_NAME_PREFIX] if seen.name else None
    email = seen.email if seen.email and len(seen.email) <= MAX_EMAIL_CHARACTERS else None
    return (
        seen.name,
        name_lower,
        email,
        seen.gid,
        micros_of_bytes(seen.last),
    )

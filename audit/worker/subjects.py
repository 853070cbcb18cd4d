"""Under which names were people and things last seen? Kept for pick-lists and comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.models.subject import MAX_EMAIL_CHARACTERS, MAX_NAME_PREFIX
from audit.record.ids import time_of
from audit.record.rows import workspace_key

RESOURCE = "resource:"
# The keys of a row come first, then these.
_VALUES = {
    "name": "text",
    "name_lower": "text",
    "email": "text",
    "gid": "text",
    "first_seen": "timestamptz",
    "last_seen": "timestamptz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One id as one event showed it, or as the last of several did."""

    kind: str
    id: str
    first: datetime
    last: datetime
    name: str | None = None
    email: str | None = None
    gid: str | None = None


def note_subjects(
    cursor: psycopg.Cursor[Any], environment: int, bounds: str, ids: list[UUID]
) -> None:
    """Keep the names of everybody and everything in these events, and in which workspaces.

    bounds: literal SQL over `audit_event e`. An older event never overwrites a newer name.
    """
    cursor.execute(
        "SELECT e.id, e.workspace_id, e.actor_id, e.application_id, e.application_gid,"
        " e.resource_type, e.resource_id, e.personal, e.details, t.code"
        " FROM audit_event e JOIN audit_eventtype t ON t.id = e.type"
        f" WHERE {bounds} AND e.id = ANY(%b)",
        [ids],
        binary=True,
    )
    by_workspace: dict[tuple[str | None, str, str], Seen] = {}
    for row in cursor:
        for seen in _seen(row):
            part = (row[1], seen.kind, seen.id)
            by_workspace[part] = _merged(seen, by_workspace.get(part))
    everywhere: dict[tuple[str, str], Seen] = {}
    in_workspace: dict[tuple[UUID, str, str], Seen] = {}
    for (workspace, kind, id_), seen in by_workspace.items():
        everywhere[kind, id_] = _merged(seen, everywhere.get((kind, id_)))
        if workspace is not None and kind != "workspace":
            in_workspace[workspace_key(workspace), kind, id_] = seen
    # In sorted order, so that whoever else writes them can't make a deadlock of it.
    _keep(
        cursor,
        "audit_subject",
        {"kind": "text", "subject_id": "text"},
        environment,
        [(key, seen) for key, seen in sorted(everywhere.items(), key=lambda item: item[0])],
    )
    _keep(
        cursor,
        "audit_workspacesubject",
        {"workspace_key": "uuid", "kind": "text", "subject_id": "text"},
        environment,
        [(key, seen) for key, seen in sorted(in_workspace.items(), key=lambda item: item[0])],
    )


def _keep(
    cursor: psycopg.Cursor[Any],
    table: str,
    keys: dict[str, str],
    environment: int,
    rows: Sequence[tuple[tuple[Any, ...], Seen]],
) -> None:
    """Add rows to a table of subjects, or bring those up to date that are there."""
    columns = keys | _VALUES
    newer = ", ".join(
        f"{name} = CASE WHEN excluded.last_seen >= k.last_seen"
        f" THEN coalesce(excluded.{name}, k.{name}) ELSE coalesce(k.{name}, excluded.{name}) END"
        for name in ("name", "name_lower", "email", "gid")
    )
    values = [(*key, *_values(seen)) for key, seen in rows]
    cursor.execute(
        f"INSERT INTO {table} AS k (environment, {', '.join(columns)})"
        f" SELECT %s, u.* FROM unnest({', '.join(f'%s::{kind}[]' for kind in columns.values())})"
        f" AS u ON CONFLICT (environment, {', '.join(keys)}) DO UPDATE SET {newer},"
        " first_seen = least(k.first_seen, excluded.first_seen),"
        " last_seen = greatest(k.last_seen, excluded.last_seen)",
        [environment, *([row[n] for row in values] for n in range(len(columns)))],
    )


def _values(seen: Seen) -> tuple[Any, ...]:
    """The values of _VALUES, short enough to be indexed."""
    name_lower = seen.name.lower()[:MAX_NAME_PREFIX] if seen.name else None
    email = seen.email if seen.email and len(seen.email) <= MAX_EMAIL_CHARACTERS else None
    return seen.name, name_lower, email, seen.gid, seen.first, seen.last


def _seen(row: tuple[Any, ...]) -> Iterator[Seen]:
    id_, workspace_id, actor_id, application_id, gid, resource_type, resource_id = row[:7]
    at = time_of(id_)
    personal = msgspec.json.decode(row[7]) if row[7] else {}
    details = msgspec.json.decode(row[8]) if row[8] else {}

    def seen(kind: str, id: str, **known: str | None) -> Seen:
        return Seen(kind=kind, id=id, first=at, last=at, **known)

    yield seen("type", row[9])
    if workspace_id is not None:
        yield seen("workspace", workspace_id, name=_name(details, "workspace"))
    if actor_id is not None:
        actor = personal.get("actor", {})
        yield seen("actor", actor_id, name=actor.get("name"), email=actor.get("email"))
    if application_id is not None:
        yield seen("application", application_id, name=_name(details, "application"), gid=gid)
    if resource_id is not None:
        name = _name(personal, "resource") or _name(details, "resource")
        yield seen(RESOURCE + resource_type, resource_id, name=name)


def _name(part: dict[str, Any], member: str) -> str | None:
    return (part.get(member) or {}).get("name")


def _merged(seen: Seen, known: Seen | None) -> Seen:
    """The newer sighting, with what only the older one knew."""
    if known is None:
        return seen
    newer, older = (seen, known) if seen.last >= known.last else (known, seen)
    return Seen(
        kind=seen.kind,
        id=seen.id,
        first=min(seen.first, known.first),
        last=newer.last,
        name=newer.name or older.name,
        email=newer.email or older.email,
        gid=newer.gid or older.gid,
    )

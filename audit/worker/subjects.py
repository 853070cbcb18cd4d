"""Under which names were people and things last seen? Kept for pick-lists and comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.record.ids import time_of

RESOURCE = "resource:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One id as one event showed it."""

    kind: str
    id: str
    at: datetime
    name: str | None = None
    email: str | None = None
    gid: str | None = None


def note_subjects(
    cursor: psycopg.Cursor[Any], environment: int, bounds: str, ids: list[UUID]
) -> None:
    """Keep the names of everybody and everything in these events.

    bounds: literal SQL over `audit_event e`. An older event never overwrites a newer name.
    """
    cursor.execute(
        "SELECT e.id, e.workspace_id, e.actor_id, e.application_id, e.application_gid,"
        " e.resource_type, e.resource_id, e.personal, e.details"
        f" FROM audit_event e WHERE {bounds} AND e.id = ANY(%b)",
        [ids],
        binary=True,
    )
    latest: dict[tuple[str, str], Seen] = {}
    first: dict[tuple[str, str], datetime] = {}
    for row in cursor:
        for seen in _seen(row):
            key = (seen.kind, seen.id)
            first[key] = min(seen.at, first.get(key, seen.at))
            known = latest.get(key)
            if known is None or seen.at >= known.at:
                latest[key] = _merged(seen, known)
    columns = [
        [seen.kind for seen in latest.values()],
        [seen.id for seen in latest.values()],
        [seen.name for seen in latest.values()],
        [seen.name.lower() if seen.name else None for seen in latest.values()],
        [seen.email for seen in latest.values()],
        [seen.gid for seen in latest.values()],
        [first[key] for key in latest],
        [seen.at for seen in latest.values()],
    ]
    cursor.execute(
        "INSERT INTO audit_subject AS k (environment, kind, subject_id, name, name_lower, email,"
        " gid, first_seen, last_seen)"
        " SELECT %s, u.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],"
        " %s::text[], %s::timestamptz[], %s::timestamptz[]) AS u"
        " ON CONFLICT (environment, kind, subject_id) DO UPDATE SET"
        " name = CASE WHEN excluded.last_seen >= k.last_seen"
        "   THEN coalesce(excluded.name, k.name) ELSE coalesce(k.name, excluded.name) END,"
        " name_lower = CASE WHEN excluded.last_seen >= k.last_seen"
        "   THEN coalesce(excluded.name_lower, k.name_lower)"
        "   ELSE coalesce(k.name_lower, excluded.name_lower) END,"
        " email = CASE WHEN excluded.last_seen >= k.last_seen"
        "   THEN coalesce(excluded.email, k.email) ELSE coalesce(k.email, excluded.email) END,"
        " gid = CASE WHEN excluded.last_seen >= k.last_seen"
        "   THEN coalesce(excluded.gid, k.gid) ELSE coalesce(k.gid, excluded.gid) END,"
        " first_seen = least(k.first_seen, excluded.first_seen),"
        " last_seen = greatest(k.last_seen, excluded.last_seen)",
        [environment, *columns],
    )


def _seen(row: tuple[Any, ...]) -> Iterator[Seen]:
    id_, workspace_id, actor_id, application_id, gid, resource_type, resource_id = row[:7]
    at = time_of(id_)
    personal = msgspec.json.decode(row[7]) if row[7] else {}
    details = msgspec.json.decode(row[8]) if row[8] else {}
    if workspace_id is not None:
        yield Seen(kind="workspace", id=workspace_id, at=at, name=_name(details, "workspace"))
    if actor_id is not None:
        actor = personal.get("actor", {})
        yield Seen(
            kind="actor", id=actor_id, at=at, name=actor.get("name"), email=actor.get("email")
        )
    if application_id is not None:
        name = _name(details, "application")
        yield Seen(kind="application", id=application_id, at=at, name=name, gid=gid)
    if resource_id is not None:
        name = _name(personal, "resource") or _name(details, "resource")
        yield Seen(kind=RESOURCE + resource_type, id=resource_id, at=at, name=name)


def _name(part: dict[str, Any], member: str) -> str | None:
    return (part.get(member) or {}).get("name")


def _merged(seen: Seen, known: Seen | None) -> Seen:
    """The newer sighting, with what only the older one knew."""
    if known is None:
        return seen
    return Seen(
        kind=seen.kind,
        id=seen.id,
        at=seen.at,
        name=seen.name or known.name,
        email=seen.email or known.email,
        gid=seen.gid or known.gid,
    )

"""Lists the environments that a person sees, with when each last said anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from audit.conf import audit_settings
from audit.contracts import EnvironmentInfo, Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import time_of
from audit.query.search.bounded_search import find_ids
from audit.query.search.event_query import EventQuery
from audit.vocabulary.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEnvironment:
    """last_seen: when the newest event in the scope happened; None without any."""

    key: str
    name: str
    colour: str
    last_seen: datetime | None


def find_environments(*, scope: Scope, prefix: str = "") -> tuple[SeenEnvironment, ...]:
    """Return those whose key or name begins with the prefix (any case), in the host's order.

    One that the host doesn't list stands at the end, under its key.
    """
    now = timezone.now()
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    listed = [e for e in audit_settings().list_environments() if e.key in scope.grants]
    named = {e.key for e in listed}
    rest = [EnvironmentInfo(key=key, name=key) for key in scope.environments if key not in named]
    seen = []
    for info in (*listed, *rest):
        if info.key.startswith(prefix.lower()) or fold(info.name).startswith(fold(prefix)):
            query = EventQuery(scope=Scope(grants={info.key: scope.grants[info.key]}))
            newest = find_ids(cursor, query, beyond=None, direction="older", limit=1, now=now).ids
            seen.append(
                SeenEnvironment(
                    key=info.key,
                    name=info.name,
                    colour=info.colour,
                    last_seen=time_of(newest[0]) if newest else None,
                )
            )
    return tuple(seen)

"""What needs eyes? Activity out of the usual, and sign-ins from where nobody had been before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import SYSTEM_ENVIRONMENT, Scope, audit_settings
from audit.models import EventType
from audit.record.ids import id_floor
from audit.record.store import own_cursor

from .conditions import environment_numbers, scope_condition
from .documents import fetch_documents
from .event_query import EventQuery
from .newest import FAILED, find_newest
from .search import find_ids
from .spans import count_span

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEKS = 4
# Sightings read for each one shown: those outside the scope are found only with their event.
SPARE = 20
MAX_REJECTED = 10_000

SightingKind = Literal["country", "device"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Events of an environment in the last 24 hours; usual: the average of the same 24 hours in
    the weeks before, up to WEEKS of them and none from before its first event; None: no such week
    """

    environment: str
    count: int
    usual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSignIn:
    """The document of a sign-in from a country, or with a device, that its actor had not used."""

    kinds: tuple[SightingKind, ...]
    document: dict[str, Any]


def without_system(scope: Scope) -> Scope:
    """Return the scope without the system's own log, which is no environment of a company."""
    return Scope(grants={k: w for k, w in scope.grants.items() if k != SYSTEM_ENVIRONMENT})


def count_types(*, scope: Scope, start: datetime, end: datetime) -> Counter[tuple[str, str]]:
    """Return (environment, event type) → events in `[start, end)`."""
    cursor = own_cursor(audit_settings().DATABASE)
    counts = count_span(cursor, EventQuery(scope=scope, start=start, end=end))
    keys = {number: key for key, number in environment_numbers(cursor, _all(scope)).items()}
    wanted = {type_ for _, type_ in counts}
    codes = dict(
        EventType.objects.using(audit_settings().DATABASE)
        .filter(id__in=wanted)
        .values_list("id", "code")
    )
    return Counter({(keys[e], codes[t]): count for (e, t), count in counts.items()})


def activity(
    *, scope: Scope, now: datetime, last_day: Counter[tuple[str, str]]
) -> tuple[Activity, ...]:
    """Return each environment's activity. last_day: `count_types` of the 24 hours before now."""
    counts = _by_environment(last_day)
    cursor = own_cursor(audit_settings().DATABASE)
    keys = {number: key for key, number in environment_numbers(cursor, _all(scope)).items()}
    weeks: list[Counter[str]] = []
    for week in range(1, WEEKS + 1):
        start, end = now - DAY - WEEK * week, now - WEEK * week
        found = count_span(cursor, EventQuery(scope=scope, start=start, end=end))
        weeks.append(Counter())
        for (number, _), count in found.items():
            weeks[-1][keys[number]] += count
    return tuple(
        Activity(environment=key, count=counts[key], usual=_usual([week[key] for week in weeks]))
        for key in scope.environments
    )


def first_sign_ins(
    *, scope: Scope, start: datetime, end: datetime, limit: int
) -> tuple[FirstSignIn, ...]:
    """Return the newest sign-ins from new countries or with new devices in `[start, end)`, newest
    first.

    Not somebody's very first sign-in in an environment: everything is new there.
    """
    cursor = own_cursor(audit_settings().DATABASE)
    numbers = environment_numbers(cursor, _all(scope)).values()
    if not numbers:
        return ()
    listed = ", ".join(str(number) for number in sorted(numbers))
    cursor.execute(
        "SELECT s.first_event, array_agg(s.kind ORDER BY s.kind) FROM audit_sighting s"
        f" WHERE s.environment IN ({listed}) AND s.kind IN ('country', 'device')"
        f" AND s.first_event >= '{id_floor(start)}' AND s.first_event < '{id_floor(end)}'"
        " AND EXISTS (SELECT FROM audit_sighting p WHERE p.environment = s.environment"
        " AND p.actor_id = s.actor_id AND p.kind = s.kind AND p.first_event < s.first_event)"
        f" GROUP BY 1 ORDER BY 1 DESC LIMIT {limit * SPARE:d}",
        binary=True,
    )
    kinds = {str(row[0]): tuple(row[1]) for row in cursor}
    documents = _documents(cursor, scope, kinds, limit)
    return tuple(FirstSignIn(kinds=kinds[d["id"]], document=d) for d in documents)


def newest_documents(
    codes: Iterable[str], *, scope: Scope, start: datetime, end: datetime, limit: int
) -> tuple[dict[str, Any], ...]:
    """Return the newest events of these types that succeeded in `[start, end)`, newest first."""
    cursor = own_cursor(audit_settings().DATABASE)
    query = EventQuery(scope=scope, exclude={"outcome": FAILED}, start=start, end=end)
    found = find_newest(cursor, query, codes, limit=limit)
    return tuple(
        fetch_documents(cursor, [one.id for one in found], scoped=scope_condition(cursor, query))
    )


def rejected_by_sender(*, scope: Scope, since: datetime) -> dict[int, int]:
    """Return sender → events refused, of the newest MAX_REJECTED; only of whole environments."""
    cursor = own_cursor(audit_settings().DATABASE)
    whole = Scope(grants={key: None for key, bound in scope.grants.items() if bound is None})
    numbers = environment_numbers(cursor, _all(whole)).values()
    if not numbers:
        return {}
    listed = ", ".join(str(number) for number in sorted(numbers))
    cursor.execute(
        "SELECT r.sender_id, count(*) FROM (SELECT sender_id, environment FROM audit_rejected"
        f" WHERE received_at >= %s ORDER BY received_at DESC LIMIT {MAX_REJECTED:d}) AS r"
        f" WHERE r.environment IN ({listed}) AND r.sender_id IS NOT NULL GROUP BY 1",
        [since],
    )
    return dict(cursor.fetchall())


def has_events(scope: Scope, *, now: datetime) -> bool:
    """Is there any event that the viewer may see? The newest months are looked into first."""
    cursor = own_cursor(audit_settings().DATABASE)
    found = find_ids(cursor, _all(scope), beyond=None, direction="older", limit=1, now=now)
    return bool(found.ids)


def _documents(
    cursor: psycopg.Cursor[Any], scope: Scope, ids: Iterable[str], limit: int
) -> Sequence[dict[str, Any]]:
    scoped = scope_condition(cursor, _all(scope))
    return fetch_documents(cursor, [UUID(id_) for id_ in ids], scoped=scoped)[:limit]


def _all(scope: Scope) -> EventQuery:
    return EventQuery(scope=scope)


def _by_environment(counts: Counter[tuple[str, str]]) -> Counter[str]:
    result: Counter[str] = Counter()
    for (environment, _), count in counts.items():
        result[environment] += count
    return result


def _usual(weeks: Sequence[int]) -> float | None:
    """weeks: the last week first; empty ones at the far end were before the first event."""
    known = list(weeks)
    while known and not known[-1]:
        known.pop()
    return sum(known) / len(known) if known else None

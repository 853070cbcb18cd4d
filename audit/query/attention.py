"""Finds what needs attention: unusual activity, sign-ins from new places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT, Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import id_floor
from audit.log.registry import EVENT_TYPES
from audit.query.counts.periods import count_spans
from audit.query.search.bounded_search import fetch_by_id, find_ids
from audit.query.search.conditions import environment_numbers, scope_condition
from audit.query.search.event_query import EventQuery
from audit.query.search.newest_by_type import FAILED, find_newest
from audit.vocabulary.document import Document

from .document import fetch_documents

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEKS = 4
# How many sightings are looked at, one batch after the other until enough of them are in the scope.
BATCHES = (100, 1_000, 4_000, 16_000)
_SELECT_ID = "SELECT e.id FROM audit_event e WHERE {where}"

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
class RecentCounts:
    """last_day, last_week: (environment, event type) → events in the 24 hours, and 7 days, before
    now
    """

    last_day: Counter[tuple[str, str]]
    last_week: Counter[tuple[str, str]]
    activity: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSignIn:
    """The document of a sign-in from a country, or with a device, that its actor had not used."""

    kinds: tuple[SightingKind, ...]
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """is_capped: there may be more, which are not kept"""

    count: int
    is_capped: bool


def without_system(scope: Scope) -> Scope:
    """Return the scope without the system's own log, which is no environment of a company."""
    return Scope(grants={k: w for k, w in scope.grants.items() if k != SYSTEM_ENVIRONMENT})


def recent_counts(*, scope: Scope, now: datetime) -> RecentCounts:
    """Count what happened in the 7 days before now, and in the same 24 hours of earlier weeks."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    yesterday = now - DAY
    before = [(yesterday - WEEK * n, now - WEEK * n) for n in range(WEEKS, 0, -1)]
    spans = [*before, (now - WEEK, yesterday), (yesterday, now)]
    *weeks, earlier, last_day = count_spans(cursor, _all(scope), spans)
    keys = {number: key for key, number in environment_numbers(cursor, _all(scope)).items()}
    codes = EVENT_TYPES.texts_of(cursor, {type_ for _, type_ in (*earlier, *last_day)})
    by_environment = [_by_environment(found, keys) for found in (*reversed(weeks), last_day)]
    return RecentCounts(
        last_day=_named(last_day, keys, codes),
        last_week=_named(earlier + last_day, keys, codes),
        activity=tuple(
            Activity(
                environment=key,
                count=by_environment[-1][key],
                usual=_usual([week[key] for week in by_environment[:-1]]),
            )
            for key in scope.environments
        ),
    )


def first_sign_ins(
    *, scope: Scope, start: datetime, end: datetime, limit: int
) -> tuple[FirstSignIn, ...]:
    """Return the newest sign-ins from new countries or with new devices in `[start, end)`, newest
    first.

    Not somebody's very first sign-in in an environment: everything is new there.
    """
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    numbers = environment_numbers(cursor, _all(scope)).values()
    if not numbers:
        return ()
    scoped = scope_condition(cursor, _all(scope))
    kinds: dict[UUID, tuple[SightingKind, ...]] = {}
    beyond = id_floor(end)
    for most in BATCHES:
        batch = _sightings(cursor, numbers, low=id_floor(start), high=beyond, limit=most)
        # A sighting doesn't say of which workspace it is, so its event is asked.
        inside = fetch_by_id(cursor, _SELECT_ID, list(batch), scoped) if batch else ()
        kinds |= {id_: batch[id_] for id_ in sorted((row[0] for row in inside), reverse=True)}
        if len(kinds) >= limit or len(batch) < most:
            break
        beyond = min(batch)
    shown = list(kinds)[:limit]
    documents = fetch_documents(cursor, shown, scoped=scoped)
    return tuple(FirstSignIn(kinds=kinds[UUID(d.id)], document=d) for d in documents)


def newest_documents(
    codes: Iterable[str], *, scope: Scope, start: datetime, end: datetime, limit: int
) -> tuple[Document, ...]:
    """Return the newest events of these types that succeeded in `[start, end)`, newest first."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    query = EventQuery(scope=scope, exclude={"outcome": FAILED}, start=start, end=end)
    found = find_newest(cursor, query, codes, limit=limit)
    return tuple(
        fetch_documents(cursor, [one.id for one in found], scoped=scope_condition(cursor, query))
    )


def refused_by_sender(*, scope: Scope, now: datetime) -> dict[int, Refused]:
    """Return what was refused of each sender in 24 hours; only of whole environments: of an event
    that was refused nobody can say to which workspace it belongs.

    What a sender left in the day (UTC) is counted, kept or not; of the day before, what is kept.
    """
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    whole = Scope(grants={key: None for key, bound in scope.grants.items() if bound is None})
    numbers = environment_numbers(cursor, _all(whole)).values()
    if not numbers:
        return {}
    listed = ", ".join(str(number) for number in sorted(numbers))
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    cursor.execute(
        "SELECT c.sender_id, sum(CASE WHEN c.day = %(today)s THEN c.total ELSE (SELECT count(*)"  # noqa: S608 (environments' numbers)
        " FROM audit_rejected r WHERE r.sender_id = c.sender_id AND r.environment = c.environment"
        " AND r.received_at >= %(since)s AND r.received_at < %(midnight)s) END)::bigint,"
        " bool_or(c.day < %(today)s AND c.kept < c.total)"
        f" FROM audit_rejectedcount c WHERE c.environment IN ({listed})"
        " AND c.day >= %(today)s - 1 GROUP BY 1",
        {"today": today.date(), "midnight": today, "since": now - DAY},
    )
    return {row[0]: Refused(count=row[1], is_capped=row[2]) for row in cursor if row[1]}


def has_events(scope: Scope, *, now: datetime) -> bool:
    """Is there any event that the viewer may see? The newest months are looked into first."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    found = find_ids(cursor, _all(scope), beyond=None, direction="older", limit=1, now=now)
    return bool(found.ids)


def _sightings(
    cursor: psycopg.Cursor[Any],
    environments: Iterable[int],
    *,
    low: UUID,
    high: UUID,
    limit: int,
) -> dict[UUID, tuple[SightingKind, ...]]:
    """Return event → kinds of the newest sightings in `[low, high)`, but of nobody's very first
    sign-in.
    """
    listed = ", ".join(str(number) for number in sorted(environments))
    cursor.execute(
        "SELECT s.first_event, array_agg(s.kind ORDER BY s.kind) FROM audit_sighting s"  # noqa: S608 (environments' numbers, ids made of times, a number)
        f" WHERE s.environment IN ({listed}) AND s.kind IN ('country', 'device')"
        f" AND s.first_event >= '{low}' AND s.first_event < '{high}'"
        " AND EXISTS (SELECT FROM audit_sighting p WHERE p.environment = s.environment"
        " AND p.actor_id = s.actor_id AND p.kind = s.kind AND p.first_event < s.first_event)"
        f" GROUP BY 1 ORDER BY 1 DESC LIMIT {limit:d}",
        binary=True,
    )
    return {row[0]: tuple(row[1]) for row in cursor}


def _all(scope: Scope) -> EventQuery:
    return EventQuery(scope=scope)


def _named(
    counts: Counter[tuple[int, int]], keys: Mapping[int, str], codes: Mapping[int, str]
) -> Counter[tuple[str, str]]:
    """Return the same by key of the environment and code of the type."""
    return Counter({(keys[e], codes[t]): count for (e, t), count in counts.items()})


def _by_environment(counts: Counter[tuple[int, int]], keys: Mapping[int, str]) -> Counter[str]:
    result: Counter[str] = Counter()
    for (environment, _), count in counts.items():
        result[keys[environment]] += count
    return result


def _usual(weeks: Sequence[int]) -> float | None:
    """weeks: the last week first; empty ones at the far end were before the first event."""
    known = list(weeks)
    while known and not known[-1]:
        known.pop()
    return sum(known) / len(known) if known else None

"""Events of every kind, and the worker's rounds over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Application, Context, Resource, Workspace
from audit.worker.loop import do_round
from audit.worker.value_days import KnownValues

ENVIRONMENTS = ("dev", "prod")
# The clocks went forward in Berlin on this day.
NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
AGENTS = (
    None,
    "curl/8.5.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
)


def rows(statement: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return sorted(cursor.fetchall(), key=repr)


def record(random: Random, count: int, *, start: datetime = NOW) -> None:
    """Record events of any kind within two days of a start, in no order of time."""
    for key in ENVIRONMENTS:
        ensure_environment(key)
    for _ in range(5):
        key = random.choice(ENVIRONMENTS)
        events = [_event(random, start) for _ in range(count // 5)]
        record_events(events, origin=Origin(environment=key, sender_id=1), received_at=NOW)
    # No file of places in tests: countries are given here.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_event SET country = 1 + (ordinal % 3) WHERE country IS NULL"
            " AND ordinal % 4 <> 0"
        )


def _event(random: Random, start: datetime) -> SubmittedEvent:
    def some(*values: Any) -> Any:
        return random.choice((None, *values))

    def named(kind: Any, **known: Any) -> Any:
        return some(kind(id=random.choice("abc"), name=some("N1", "N2", ""), **known))

    return SubmittedEvent(
        type=random.choice(("USER_LOGIN", "T1", "T2")),
        time=(start + timedelta(seconds=random.randrange(-3_600 * 40, 3_600 * 3))).isoformat(),
        outcome=some("success", "failure", "denied"),
        workspace=named(Workspace),
        actor=named(Actor, email=some("a@example.org", "b@example.org")),
        application=named(Application, gid=some("g1", "g2")),
        resource=named(Resource, type=random.choice(("user", "data_source", "page"))),
        context=Context(user_agent=random.choice(AGENTS)),
    )


def work(known: KnownValues | None = None) -> None:
    while not do_round(using="default", known=known).is_idle:
        pass

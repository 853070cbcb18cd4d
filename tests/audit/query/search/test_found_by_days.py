"""Whatever is asked, by days the same events are found as by looking at each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import id_floor
from audit.query import EventQuery
from audit.query.search.bounded_search import find_ids
from audit.query.search.day_index import find_occurring
from audit.worker import value_days
from audit.worker.value_days import KnownValues, backfill_days
from tests.audit.worker.events import ENVIRONMENTS, NOW, record, work

pytestmark = pytest.mark.django_db
COUNTRIES = ("DE", "FR", "NO")
# Facet → what it may be asked for, some of it nowhere, and how SQL says the same
VALUES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "workspace": (("a", "b", "c", "z"), "e.workspace_id = ANY(%s)"),
    "actor": (("a", "b", "c", "z"), "e.actor_id = ANY(%s)"),
    "application": (("a", "b", "c", "z"), "e.application_id = ANY(%s)"),
    "type": (
        ("USER_LOGIN", "T1", "T2", "T3"),
        "e.type IN (SELECT id FROM audit_eventtype WHERE code = ANY(%s))",
    ),
    "outcome": (
        ("success", "failure", "denied"),
        "e.outcome IN (SELECT id FROM audit_outcome WHERE code = ANY(%s))",
    ),
    "country": (
        (*COUNTRIES, "ZZ"),
        "e.country IN (SELECT id FROM audit_country WHERE name = ANY(%s))",
    ),
    "browser": (
        ("Firefox", "curl", "Lynx"),
        "e.browser IN (SELECT id FROM audit_browser WHERE name = ANY(%s))",
    ),
    "os": (
        ("Linux", "Plan 9"),
        "e.operating_system IN (SELECT id FROM audit_operatingsystem WHERE name = ANY(%s))",
    ),
    "resource_type": (("user", "page"), "e.resource_type = ANY(%s)"),
}
FIRST = NOW - timedelta(days=150)
STATES = ("counted", "half counted", "not counted", "being noted", "noted in part, late ones")


@st.composite
def queries(draw: st.DrawFn) -> EventQuery:
    facets = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=4))
    start = draw(st.none() | st.integers(0, 130))
    length = draw(st.none() | st.integers(1, 60))
    began = None if start is None else NOW - timedelta(days=start)
    return EventQuery(
        scope=Scope(grants=dict.fromkeys(draw(st.sampled_from([("dev",), ENVIRONMENTS])))),
        include={
            name: tuple(draw(st.sets(st.sampled_from(VALUES[name][0]), min_size=1, max_size=2)))
            for name in sorted(facets)
        },
        start=began,
        end=None if began is None or length is None else began + timedelta(days=length),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("events_between", [0, 500], ids=["each day", "days between, too"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    query=queries(),
    direction=st.sampled_from(["older", "newer"]),
    limit=st.sampled_from([3, 50]),
    budget_seconds=st.sampled_from([0, 0.25]),
)
def test_every_match_is_found_once(
    log: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    events_between: int,
    query: EventQuery,
    direction: str,
    limit: int,
    budget_seconds: float,
) -> None:
    settings.AUDIT = settings.AUDIT | {"SEARCH_BUDGET_SECONDS": budget_seconds}
    monkeypatch.setattr("audit.query.search.day_index.EVENTS_BETWEEN", events_between)
    if not budget_seconds and query.start is None:
        # Else a call looks at sixteen days at a time, back to 1970.
        query = replace(query, start=FIRST)
    expected = plain(query)
    if direction == "older":
        expected.reverse()
    assert all_pages(query, direction, limit) == expected


def test_nothing_is_looked_for_where_two_values_never_meet(counted: None) -> None:
    never = EventQuery(
        scope=Scope(grants=dict.fromkeys(ENVIRONMENTS)),
        include={"country": ("DE",), "browser": ("Lynx",)},
    )
    found = find_occurring(psycopg_cursor("default"), never)
    assert found is not None
    assert not found.stretches


@pytest.fixture
def log(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of four months, as far as a state has them counted and noted."""
    make_log(state, monkeypatch)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    make_log("counted", monkeypatch)


def make_log(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(state)
    record(random, 5)
    with connection.cursor() as cursor:
        for number, name in enumerate(COUNTRIES, start=1):
            cursor.execute("INSERT INTO audit_country (id, name) VALUES (%s, %s)", [number, name])
    for part in range(10):
        if part == 5 and state == "half counted":
            work()
        record(random, 15, start=NOW - timedelta(days=part * 12 + random.randrange(9)))
    if state in ("counted", "being noted", "noted in part, late ones"):
        work()
    if state in ("being noted", "noted in part, late ones"):
        monkeypatch.setattr(value_days, "BACKFILLED_AT_A_TIME", 20)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_valuedays")
            cursor.execute(
                "INSERT INTO audit_valuedaysbackfill VALUES"
                " (true, 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
            )
        for _ in range(3):
            assert backfill_days(using="default", known=KnownValues())
    if state == "noted in part, late ones":
        record(random, 20, start=NOW - timedelta(days=90))
        work()
        record(random, 20, start=NOW - timedelta(days=60))


def plain(query: EventQuery) -> list[UUID]:
    """Return what matches, oldest first, by a plain look at every event."""
    parts = ["e.environment IN (SELECT id FROM audit_environment WHERE key = ANY(%s))"]
    params: list[object] = [list(query.scope.grants)]
    for name, values in query.include.items():
        parts.append(VALUES[name][1])
        params.append(list(values))
    for bound, sign in ((query.lowest_id, ">="), (query.highest_id, "<")):
        if bound is not None:
            parts.append(f"e.id {sign} %s")
            params.append(bound)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id FROM audit_event e WHERE {' AND '.join(parts)} ORDER BY e.id", params
        )
        return [row[0] for row in cursor.fetchall()]


def all_pages(query: EventQuery, direction: Any, limit: int) -> list[UUID]:
    found: list[UUID] = []
    before_all = UUID(int=(query.lowest_id or id_floor(FIRST)).int - 1)
    beyond = None if direction == "older" else before_all
    for _ in range(300):
        page = find_ids(
            psycopg_cursor("default"),
            query,
            beyond=beyond,
            direction=direction,
            limit=limit,
            now=NOW,
        )
        found += page.ids
        if page.is_complete and len(page.ids) < limit:
            return found
        beyond = page.ids[-1] if page.reached is None else page.reached
    raise AssertionError(f"There is no end to it: {query}, at {beyond}")

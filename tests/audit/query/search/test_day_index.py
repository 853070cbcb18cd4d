"""A search by browser, country and the like looks only where they occur, and misses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import pytest
from django.db import connection

from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.query import EventQuery
from audit.query.search.bounded_search import find_ids
from audit.query.search.day_index import find_occurring
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Context, Workspace
from audit.worker.loop import do_round
from tests.clock import began

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CURL = "curl/8.5.0"
SCOPE = Scope(grants={"prod": None})


@pytest.fixture
def record() -> Callable[..., UUID]:
    """Return a function that records one event and returns its id."""
    ensure_environment("prod")
    origin = Origin(environment="prod", sender_id=1, sender="billing", key_id=1)

    def one(days_ago: float, agent: str, **members: object) -> UUID:
        event = SubmittedEvent(
            **{  # type: ignore[arg-type]
                "type": "X",
                "time": (began() - timedelta(days=days_ago)).isoformat(),
                "context": Context(user_agent=agent),
                **members,
            }
        )
        (verdict,) = record_events([event], origin=origin, received_at=began()).verdicts
        assert verdict.id is not None
        return verdict.id

    return one


def browser_of(event_id: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.name FROM audit_event e JOIN audit_browser b ON b.id = e.browser"
            " WHERE e.id = %s",
            [event_id],
        )
        return str(cursor.fetchone()[0])


def find(
    query: EventQuery, *, beyond: UUID | None = None, direction: str = "older", limit: int = 50
) -> Sequence[UUID]:
    found = find_ids(
        psycopg_cursor("default"),
        query,
        beyond=beyond,
        direction=direction,  # type: ignore[arg-type]
        limit=limit,
        now=began(),
    )
    assert found.is_complete
    return found.ids


def days(query: EventQuery) -> int | None:
    """How many days are looked into?"""
    found = find_occurring(psycopg_cursor("default"), query)
    return None if found is None else sum(end - first for first, end, _ in found.stretches)


@pytest.fixture
def every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No day between two is looked into because that costs less."""
    monkeypatch.setattr("audit.query.search.day_index.EVENTS_BETWEEN", 0)


class TestSearchByWhatOccurs:
    @pytest.mark.usefixtures("every_day")
    def test_looks_only_into_days_on_which_the_value_occurs(
        self, record: Callable[..., UUID]
    ) -> None:
        rare = [record(40, CURL), record(9, CURL)]
        for day in range(60):
            record(day, FIREFOX)
        do_round(using="default")
        query = EventQuery(scope=SCOPE, include={"browser": (browser_of(rare[0]),)})
        assert days(query) == 2
        assert find(query) == (rare[1], rare[0])
        assert find(query, direction="newer", beyond=rare[0]) == (rare[1],)
        assert find(query, limit=1) == (rare[1],)
        assert find(query, beyond=rare[1]) == (rare[0],)

    def test_knows_that_two_values_never_meet(self, record: Callable[..., UUID]) -> None:
        agent = record(3, CURL, workspace=Workspace(id="w1"))
        record(3, FIREFOX, workspace=Workspace(id="w2"))
        do_round(using="default")
        query = EventQuery(
            scope=SCOPE, include={"browser": (browser_of(agent),), "workspace": ("w2",)}
        )
        assert days(query) == 0
        assert find(query) == ()

    def test_knows_that_a_user_never_met_a_browser(self, record: Callable[..., UUID]) -> None:
        agent = record(3, CURL, actor=Actor(id="ann"))
        record(3, FIREFOX, actor=Actor(id="ben"))
        do_round(using="default")
        browser = browser_of(agent)
        never = EventQuery(scope=SCOPE, include={"browser": (browser,), "actor": ("ben",)})
        assert days(never) == 0
        assert find(never) == ()
        both = EventQuery(scope=SCOPE, include={"browser": (browser,), "actor": ("ann",)})
        assert find(both) == (agent,)
        fresh = record(1, CURL, actor=Actor(id="ben"))
        assert find(never) == (fresh,)

    def test_finds_what_the_worker_has_not_counted_yet(self, record: Callable[..., UUID]) -> None:
        counted = record(8, CURL)
        do_round(using="default")
        fresh = [record(20, CURL), record(1, CURL)]
        record(2, FIREFOX)
        query = EventQuery(scope=SCOPE, include={"browser": (browser_of(counted),)})
        assert find(query) == (fresh[1], counted, fresh[0])
        assert find(query, limit=2) == (fresh[1], counted)
        assert find(query, beyond=counted) == (fresh[0],)
        assert find(query, direction="newer", beyond=fresh[0]) == (counted, fresh[1])

    def test_pages_one_after_the_other_hold_every_event_once(
        self, record: Callable[..., UUID]
    ) -> None:
        wanted = [record(day, CURL) for day in range(30, 0, -3)]
        do_round(using="default")
        wanted += [record(day, CURL) for day in (25.5, 12.5, 0.5)]
        query = EventQuery(scope=SCOPE, include={"browser": (browser_of(wanted[0]),)})
        found: list[UUID] = []
        while page := find(query, beyond=found[-1] if found else None, limit=4):
            found += page
        assert found == sorted(wanted, reverse=True)

    def test_a_value_that_nobody_knows_finds_nothing(self, record: Callable[..., UUID]) -> None:
        record(1, CURL)
        do_round(using="default")
        assert find(EventQuery(scope=SCOPE, include={"browser": ("Lynx",)})) == ()

    def test_without_such_a_filter_nothing_is_asked(self, record: Callable[..., UUID]) -> None:
        record(1, CURL)
        assert days(EventQuery(scope=SCOPE)) is None
        assert days(EventQuery(scope=SCOPE, include={"session": ("s",)})) is None

    @pytest.mark.usefixtures("every_day")
    def test_looks_only_into_days_on_which_two_values_meet(
        self, record: Callable[..., UUID]
    ) -> None:
        agent = record(3, CURL, type="Y")
        for day in range(40):
            record(day, FIREFOX, type="Y")
            record(day, CURL, type="X")
        do_round(using="default")
        query = EventQuery(scope=SCOPE, include={"browser": (browser_of(agent),), "type": ("Y",)})
        assert days(query) == 1
        assert find(query) == (agent,)

    def test_knows_in_which_months_there_are_events_of_a_user(
        self, record: Callable[..., UUID]
    ) -> None:
        met = record(200, CURL, actor=Actor(id="ann"))
        for day in range(0, 300, 20):
            record(day, CURL, actor=Actor(id="ben"))
        do_round(using="default")
        query = EventQuery(scope=SCOPE, include={"actor": ("ann",)})
        assert days(query) in range(28, 32)
        assert find(query) == (met,)

    @pytest.mark.parametrize("direction", ["older", "newer"])
    @pytest.mark.parametrize("budget_seconds", [0.25, 0], ids=["in time", "out of time"])
    @pytest.mark.parametrize("days", ["counted", "not counted", "not known"])
    def test_walks_by_an_index_over_years_and_holds_every_event_once(
        self,
        record: Callable[..., UUID],
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        direction: Literal["older", "newer"],
        budget_seconds: float,
        days: str,
    ) -> None:
        settings.AUDIT = settings.AUDIT | {"SEARCH_BUDGET_SECONDS": budget_seconds}
        sales = {"workspace": Workspace(id="sales")}
        wanted = [record(day, CURL, **sales) for day in (2_900, 700, 399, 90, 61, 30, 3, 2, 0.1)]
        record(50, FIREFOX, **sales)
        record(1, CURL, workspace=Workspace(id="other"))
        if days == "counted":
            do_round(using="default")
        elif days == "not known":
            monkeypatch.setattr("audit.query.search.day_index.MAX_UNCOUNTED", -1)
        query = EventQuery(
            scope=SCOPE,
            include={"workspace": ("sales",), "browser": (browser_of(wanted[0]),)},
        )
        oldest_first = sorted(wanted)
        found: list[UUID] = []
        beyond, is_complete = (None, False) if direction == "older" else (oldest_first[0], False)
        while not is_complete:
            page = find_ids(
                psycopg_cursor("default"),
                query,
                beyond=beyond,
                direction=direction,
                limit=4,
                now=began(),
            )
            found += page.ids
            is_complete = page.is_complete and len(page.ids) < 4
            beyond = page.ids[-1] if page.reached is None and page.ids else page.reached
        assert found == (oldest_first[::-1] if direction == "older" else oldest_first[1:])

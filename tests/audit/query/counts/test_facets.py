"""How many events have which values."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from django.http import QueryDict

from audit.contracts import Scope
from audit.query import parse_query
from audit.query.counts import facets
from audit.query.counts.facets import COUNTED, find_facets
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Context, Workspace
from tests.audit.query.recorded import work
from tests.clock import began

pytestmark = pytest.mark.django_db
SCOPE = Scope(grants={"dev": None, "prod": None})


@pytest.fixture
def events() -> list[SubmittedEvent]:
    random = Random(5)
    recorded = []
    for key in ("dev", "prod"):
        ensure_environment(key)
        batch = [
            SubmittedEvent(
                type=random.choice(["APPLICATION_UPDATE", "USER_LOGIN", "own_type"]),
                time=(began() - timedelta(hours=random.random() * 24 * 30)).isoformat(),
                outcome=random.choice(["success", "failure", None]),
                workspace=random.choice([None, Workspace(id="w1", name="Sales")]),
                actor=Actor(id=f"u{random.randrange(20)}", name="Somebody"),
                context=random.choice([None, Context(user_agent="curl/8.5.0")]),
                source=key,
            )
            for _ in range(200)
        ]
        record_events(batch, origin=Origin(environment=key, sender_id=1), received_at=began())
        recorded += batch
    return recorded


def asked(
    filters: str, *names: str, scope: Scope = SCOPE, limit: int = 10
) -> list[facets.CountedFacet]:
    query = parse_query(QueryDict(filters), scope=scope, now=began())
    return list(find_facets(query, names, limit=limit, now=began()))


def as_counts(facet: facets.CountedFacet) -> dict[str, int]:
    return {value.value: value.count for value in facet.values}


class TestFindFacets:
    @pytest.mark.parametrize("is_counted", [False, True])
    @pytest.mark.parametrize("filters", ["", "workspace=w1", "outcome=success&type=USER_LOGIN"])
    def test_counts_the_same_from_rollups_and_from_events(
        self, events: list[SubmittedEvent], filters: str, is_counted: bool
    ) -> None:
        if is_counted:
            work()
        names = ("environment", "type", "group", "outcome")
        # A filter that no rollup knows and every event passes.
        for exact, looked in zip(
            asked(filters, *names), asked(f"{filters}&exclude_ip=192.0.2.0/24", *names), strict=True
        ):
            assert exact == looked
            assert exact.complete

    def test_counts_what_was_recorded(self, events: list[SubmittedEvent]) -> None:
        work()
        actor, browser, outcome = asked("", "actor", "browser", "outcome", limit=100)
        assert as_counts(actor)["u7"] == sum(
            e.actor == Actor(id="u7", name="Somebody") for e in events
        )
        assert {value.name for value in actor.values} == {"Somebody"}
        with_agent = sum(e.context is not None for e in events)
        assert as_counts(browser) == {"curl": with_agent}
        assert browser.without == len(events) - with_agent
        assert outcome.without == sum(e.outcome is None for e in events)
        assert outcome.total == len(events)

    def test_puts_the_most_frequent_first_and_stops_at_the_limit(
        self, events: list[SubmittedEvent]
    ) -> None:
        (facet,) = asked("", "actor", limit=3)
        counts = [value.count for value in facet.values]
        assert counts == sorted(counts, reverse=True)
        assert len(counts) == 3
        assert facet.total == 400

    def test_says_how_far_it_looked(
        self, events: list[SubmittedEvent], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(facets, "NEWEST", 50)
        (facet,) = asked("", "actor")
        times = sorted((datetime.fromisoformat(str(e.time)) for e in events), reverse=True)
        assert facet.total == 50
        assert not facet.complete
        assert facet.searched_back_to == times[49]

    def test_knows_every_facet_also_without_an_event(self) -> None:
        ensure_environment("prod")
        for facet in asked("environment=prod", *COUNTED):
            assert (facet.values, facet.total, facet.complete) == ((), 0, True)

    def test_keeps_to_the_scope(self, events: list[SubmittedEvent]) -> None:
        work()
        scope = Scope(grants={"prod": frozenset({"w1"})})
        for facet in asked("", "environment", "workspace", "source", scope=scope):
            assert set(as_counts(facet)) == {
                {"environment": "prod", "workspace": "w1", "source": "prod"}[facet.name]
            }
            assert facet.without == 0

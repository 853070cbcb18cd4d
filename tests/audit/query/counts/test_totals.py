"""A count says what it is: exact, or at least so many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.query import Count, EventQuery, Histogram, count_events
from tests.audit.query.recorded import ALL, event, record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 13, 17, tzinfo=UTC)


@pytest.fixture
def five() -> None:
    record("prod", [event("A", NOW - timedelta(hours=n), actor="ann") for n in range(5)], now=NOW)


class TestCountEvents:
    def test_is_exact_where_all_was_found(self, five: None) -> None:
        assert count_events(EventQuery(scope=ALL)) == Count(count=5, is_capped=False)
        by_actor = EventQuery(scope=ALL, include={"actor": ("ann",)})
        assert count_events(by_actor) == Count(count=5, is_capped=False)

    def test_says_that_there_are_more_than_its_cap(
        self, five: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audit.query.counts.totals.CAP", 3)
        by_actor = EventQuery(scope=ALL, include={"actor": ("ann",)})
        assert count_events(by_actor) == Count(count=3, is_capped=True)

    def test_says_that_its_time_was_over(
        self, five: None, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        monkeypatch.setattr("audit.query.search.bounded_scan.FIRST_CHUNK", 2)
        settings.AUDIT = {**settings.AUDIT, "SEARCH_BUDGET_SECONDS": 0.0}
        by_source = EventQuery(scope=ALL, exclude={"source": ("x",)})
        assert count_events(by_source) == Count(count=2, is_capped=True)

    def test_is_never_nothing_where_counting_took_too_long(
        self, five: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cut = Histogram(interval="hour", zone="UTC", by="type", buckets=(), total=0, complete=False)
        monkeypatch.setattr("audit.query.counts.totals.histogram", lambda query: cut)
        assert count_events(EventQuery(scope=ALL)) == Count(count=5, is_capped=False)

"""The histogram says of every bucket what counting one event after the other says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict

from audit.contracts import Scope
from audit.query import EventQuery, Histogram, histogram, overview, parse_query
from audit.query.counts.histogram import BY, NO_OUTCOME, By
from audit.query.counts.periods import count_span_types
from audit.vocabulary import event_type
from tests.audit.query.recorded import ALL, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 13, 17, 42, 123456, tzinfo=UTC)
TYPES = ("APPLICATION_VIEW", "GROUP_CREATE", "USER_LOGIN")
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Chatham")
FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"environment": ("prod",)},
    {"environment": ("dev", "prod")},
    {"workspace": ("w1",)},
    {"type": ("APPLICATION_VIEW", "USER_LOGIN")},
    {"outcome": ("failure",)},
    {"outcome": ("success", "denied")},
    {"exclude_outcome": ("failure",)},
    {"exclude_workspace": ("w1",)},
    {"group": ("applications",)},
    {"actor": ("ann",)},
    {"environment": ("prod",), "workspace": ("w1",), "type": ("USER_LOGIN",)},
)
BOUND = Scope(grants={"dev": frozenset({"w1"}), "prod": None})

Row = dict[str, Any]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": request.param}
    return str(request.param)


@pytest.fixture
def recorded(zone: str) -> list[Row]:
    """Some 200 events of five weeks, of which the worker has counted two thirds."""
    random = Random(7)
    rows: list[Row] = []
    for part in range(3):
        for environment in ("dev", "staging", "prod"):
            new = [_row(random, environment) for _ in range(24)]
            record(
                environment,
                [
                    event(
                        row["type"],
                        row["at"],
                        actor=row["actor"],
                        workspace=row["workspace"],
                        outcome=None if row["outcome"] == NO_OUTCOME else row["outcome"],
                    )
                    for row in new
                ],
                now=NOW,
            )
            rows += new
        if part < 2:
            work()
    return rows


def _row(random: Random, environment: str) -> Row:
    # Some on the very edge of an hour, or within the last hours.
    at = NOW - timedelta(seconds=random.random() ** 3 * 35 * 86_400)
    if random.random() < 0.2:
        at = at.replace(minute=random.choice([0, 15, 30]), second=0, microsecond=0)
    return {
        "environment": environment,
        "at": at,
        "type": random.choice(TYPES),
        "outcome": random.choice(["success", "failure", "denied", NO_OUTCOME]),
        "workspace": random.choice([None, "w1", "w2"]),
        "actor": random.choice(["ann", "ben"]),
    }


def query_of(filters: dict[str, tuple[str, ...]], scope: Scope, start: datetime) -> EventQuery:
    address = QueryDict(mutable=True)
    address["from"], address["to"] = start.isoformat(), NOW.isoformat()
    for name, values in filters.items():
        address.setlist(name, list(values))
    return parse_query(address, scope=scope, now=NOW)


def is_wanted(row: Row, filters: dict[str, tuple[str, ...]], scope: Scope) -> bool:
    if row["environment"] not in scope.grants:
        return False
    allowed = scope.grants[row["environment"]]
    if allowed is not None and row["workspace"] not in allowed:
        return False
    told = row | {"group": event_type(row["type"]).group}
    return all(
        told[name.removeprefix("exclude_")] not in values
        if name.startswith("exclude_")
        else told[name] in values
        for name, values in filters.items()
    )


def counted(rows: list[Row], bars: Histogram, by: By) -> list[Counter[str]]:
    buckets = [Counter[str]() for _ in bars.buckets]
    for row in rows:
        for counts, bucket in zip(buckets, bars.buckets, strict=True):
            if bucket.start <= row["at"] < bucket.end:
                counts[event_type(row["type"]).group if by == "group" else row[by]] += 1
    return buckets


class TestHistogram:
    @pytest.mark.parametrize("days", [0.06, 3, 34])
    @pytest.mark.parametrize("scope", [ALL, BOUND], ids=["all", "bound"])
    def test_says_what_counting_one_by_one_says(
        self, recorded: list[Row], zone: str, days: float, scope: Scope
    ) -> None:
        start = NOW - timedelta(days=days)
        for filters in FILTERS:
            query = query_of(filters, scope, start)
            rows = [r for r in recorded if start <= r["at"] < NOW and is_wanted(r, filters, scope)]
            for by in BY:
                bars = histogram(query, by=by, now=NOW)
                assert [bucket.counts for bucket in bars.buckets] == counted(rows, bars, by)
                assert bars.total == len(rows)
                assert bars.buckets[0].start == start
                assert bars.buckets[-1].end == NOW

    def test_has_a_bucket_for_every_day_of_the_zone(self, zone: str) -> None:
        record("prod", [event("USER_LOGIN", NOW)], now=NOW)
        bars = histogram(query_of({}, ALL, NOW - timedelta(days=365)), now=NOW)
        widths = Counter(bucket.end - bucket.start for bucket in bars.buckets[1:-1])
        day, hour = timedelta(days=1), timedelta(hours=1)
        changes = {"Europe/Berlin", "Pacific/Chatham"}
        expected = {day: 362, day - hour: 1, day + hour: 1} if zone in changes else {day: 364}
        assert widths == expected


class TestOverview:
    def test_says_the_totals_that_the_bars_have(self, recorded: list[Row], zone: str) -> None:
        for filters in FILTERS:
            query = query_of(filters, ALL, NOW - timedelta(days=30))
            found = overview(query, by="group", totals_by=BY, now=NOW)
            assert found.bars == histogram(query, by="group", now=NOW)
            for by in BY:
                sums: Counter[str] = Counter()
                for bucket in histogram(query, by=by, now=NOW).buckets:
                    sums.update(bucket.counts)
                assert found.totals[by] == sums


class TestCountSpanTypes:
    def test_says_what_the_histogram_says(self, recorded: list[Row], zone: str) -> None:
        query = query_of({"outcome": ("failure",)}, ALL, NOW - timedelta(days=20))
        sums: Counter[str] = Counter()
        for bucket in histogram(query, now=NOW).buckets:
            sums.update(bucket.counts)
        assert count_span_types(query) == sums

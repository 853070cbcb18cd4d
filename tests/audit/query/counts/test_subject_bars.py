"""The bars of a user or an app are the same from what is counted of them and from the events."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from audit.contracts import Scope
from audit.query import EventQuery, histogram, parse_query
from audit.query.counts import histogram as bars
from audit.query.counts.histogram import BY
from audit.query.counts.series import Range, count_ranges
from audit.query.counts.subject_bars import is_of_subject
from tests.audit.query.recorded import ALL, KEYS, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 11, 13, 17, tzinfo=UTC)
BOUND = Scope(grants={"dev": None, "staging": frozenset(), "prod": frozenset({"sales"})})
FILTERS = (
    "actor=ann",
    "actor=ann&actor=ben&from=-40d",
    "application=a1&from=-12d",
    "actor=ann&workspace=sales&type=T1",
    "application=a1&exclude_workspace=sales&exclude_type=T1",
    "actor=ann&outcome=failure",
    "actor=ann&exclude_outcome=failure",
    "actor=ann&environment=prod&group=other",
    "actor=nobody",
)


def query_of(filters: str, scope: Scope = ALL) -> EventQuery:
    return parse_query(QueryDict(filters), scope=scope, now=NOW)


def record_many(random: Random) -> None:
    for key in KEYS:
        record(
            key,
            [
                event(
                    f"T{random.randrange(3)}",
                    NOW - timedelta(hours=random.random() * 24 * 75),
                    actor=random.choice(["ann", "ben", None]),
                    application=random.choice([None, ("a1", "g1", "Orders"), ("a2", "g2", "")]),
                    workspace=random.choice([None, "sales", "ops"]),
                    outcome=random.choice([None, "success", "failure"]),
                )
                for _ in range(40)
            ],
            now=NOW,
        )


def shown(query: EventQuery) -> list[Any]:
    return [
        [(b.start, b.end, b.counts) for b in histogram(query, by=by, now=NOW).buckets] for by in BY
    ]


class TestBars:
    @pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata"])
    @pytest.mark.parametrize("scope", [ALL, BOUND], ids=["whole", "workspaces"])
    def test_are_those_of_the_events(
        self, zone: str, scope: Scope, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": zone}
        random = Random(zone)
        for _ in range(3):
            record_many(random)
            for filters in FILTERS:
                query = query_of(filters, scope)
                assert is_of_subject(query)
                found = shown(query)
                with monkeypatch.context() as patched:
                    patched.setattr(bars, "is_of_subject", lambda _: False)
                    assert shown(query) == found
            # So what follows is counted in part.
            work()

    def test_are_read_from_what_is_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        record_many(Random(1))
        work()
        ranges: Counter[Range] = Counter()

        def counting(cursor: Any, query: EventQuery, given: Any, **more: Any) -> Any:
            ranges.update(given)
            return count_ranges(cursor, query, given, **more)

        monkeypatch.setattr(bars, "count_ranges", counting)
        assert histogram(query_of("actor=ann&from=-60d"), now=NOW).total > 0
        # What is cut off a day at both ends
        assert all(one.edges[-1] - one.edges[0] < timedelta(days=1) for one in ranges)

    def test_come_from_the_events_where_types_were_not_told_apart(self) -> None:
        record_many(Random(2))
        work()
        query = query_of("actor=ann&from=-60d&type=T1")
        expected = shown(query)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE audit_subjectcount SET cells = ARRAY[0],"
                " sums = ARRAY[sums[cardinality(sums)]] WHERE kind = 1"
            )
        assert shown(query) == expected

    @pytest.mark.parametrize(
        "filters",
        [
            "workspace=sales",
            "actor=ann&application=a1",
            "actor=ann&exclude_actor=ben",
            "actor=ann&country=DE",
            "actor=ann&q=x",
        ],
    )
    def test_leave_alone_what_is_not_counted(self, filters: str) -> None:
        assert not is_of_subject(query_of(filters))

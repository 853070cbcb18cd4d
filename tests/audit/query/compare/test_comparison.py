"""A comparison counts each event once, in its column, before the worker's round and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.contracts import Scope
from audit.query import count_events
from audit.query.compare.comparison import (
    Column,
    CompareQuery,
    Comparison,
    compare_subjects,
    compare_types,
    period_before,
    snapped,
    time_lines,
)
from audit.query.directory.identity import KINDS
from audit.query.search.moments import EARLIEST
from tests.audit.query.recorded import ALL, KEYS, data_source, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)


def query(*, days: float = 3, to_days: bool = True, scope: Scope = ALL) -> CompareQuery:
    start, end = snapped(NOW - timedelta(days=days), NOW, to_days=to_days)
    return CompareQuery(
        scope=scope,
        columns=tuple(Column(key=k, environment=k, start=start, end=end) for k in KEYS),
    )


def record_many() -> None:
    random = Random(5)
    for key, count in (("dev", 60), ("staging", 25), ("prod", 90)):
        record(
            key,
            [
                event(
                    f"T{random.randrange(4)}",
                    NOW - timedelta(hours=random.random() * 24 * 20),
                    actor=random.choice(["ann", ("ben", "Ben@Example.com"), None]),
                    application=random.choice([None, (f"{key}-1", "gid-1", "Orders")]),
                    workspace=random.choice([None, "sales", "ops"]),
                    resource=random.choice([None, data_source(f"{key}-ds", "ledger")]),
                )
                for _ in range(count)
            ],
            now=NOW,
        )


def rows(found: Comparison) -> dict[str, tuple[int, ...]]:
    return {line.key: line.counts for line in found.lines}


class TestCompareTypes:
    @pytest.mark.parametrize(("days", "to_days"), [(0.2, False), (3, False), (3, True), (19, True)])
    def test_counts_as_the_search_does(self, days: float, to_days: bool) -> None:
        record_many()
        asked = query(days=days, to_days=to_days)
        before = compare_types(asked)
        for index, column in enumerate(asked.columns):
            assert count_events(asked.column_query(column)).count == before.totals[index]
        assert sum(before.totals) > 0
        work()
        assert compare_types(asked) == before

    def test_compares_two_periods_of_one_environment(self) -> None:
        record("prod", [event("T", NOW - timedelta(hours=h)) for h in (1, 2, 30)], now=NOW)
        start, end = snapped(NOW - timedelta(hours=24), NOW, to_days=False)
        earlier = period_before(start, end)
        asked = CompareQuery(
            scope=ALL,
            columns=(
                Column(key="before", environment="prod", start=earlier[0], end=earlier[1]),
                Column(key="now", environment="prod", start=start, end=end),
            ),
        )
        assert rows(compare_types(asked)) == {"T": (1, 2)}

    def test_tells_nothing_from_outside_the_scope(self) -> None:
        record("prod", [event("T", NOW, workspace=w) for w in ("sales", "ops", None)], now=NOW)
        work()
        seen = Scope(grants={"dev": None, "prod": frozenset({"sales"})})
        assert rows(compare_types(query(scope=seen))) == {"T": (0, 0, 1)}
        assert rows(compare_types(query(scope=Scope()))) == {}

    def test_keeps_to_the_filters(self) -> None:
        record("prod", [event(t, NOW, workspace="sales") for t in ("A", "B", "B")], now=NOW)
        asked = query()
        asked = CompareQuery(scope=ALL, columns=asked.columns, include={"type": ("B",)})
        assert rows(compare_types(asked)) == {"B": (0, 0, 2)}


class TestCompareSubjects:
    @pytest.mark.parametrize("by", list(KINDS))
    def test_counts_the_same_before_and_after_the_worker(self, by: str) -> None:
        record_many()
        work()
        record("prod", [event("T", NOW, actor="ann", application=("prod-1", "gid-1", "Orders"),
                              workspace="sales", resource=data_source("prod-ds", "ledger"))],
               now=NOW)  # fmt: skip
        before = compare_subjects(query(days=19), by)  # type: ignore[arg-type]
        work()
        assert compare_subjects(query(days=19), by) == before  # type: ignore[arg-type]
        assert all(total > 0 for total in before.totals)

    def test_joins_people_by_email_else_by_id(self) -> None:
        record("dev", [event("T", NOW, actor=("u1", "ann@example.com"))] * 2, now=NOW)
        record("prod", [event("T", NOW, actor=("u9", "Ann@Example.com"))], now=NOW)
        record("prod", [event("T", NOW, actor="u1")], now=NOW)
        work()
        found = compare_subjects(query(), "actor")
        assert rows(found) == {"email:ann@example.com": (2, 0, 1), "id:u1": (0, 0, 1)}
        assert found.lines[0].ids == (("u1",), (), ("u9",))

    def test_joins_apps_by_gid_else_by_name(self) -> None:
        record("dev", [event("T", NOW, application=("d1", "g1", "Orders"))], now=NOW)
        record("staging", [event("T", NOW, application=("s1", None, "orders"))], now=NOW)
        record("prod", [event("T", NOW, application=("p1", "g1", "Orders 2"))], now=NOW)
        record("prod", [event("T", NOW, application=("p2", None, "CRM"))], now=NOW)
        work()
        assert rows(compare_subjects(query(), "application")) == {
            "gid:g1": (1, 1, 1),
            "name:crm": (0, 0, 1),
        }

    def test_does_not_guess_between_two_apps_of_one_name(self) -> None:
        record("dev", [event("T", NOW, application=(f"d{n}", f"g{n}", "Orders"))
                       for n in (1, 2)], now=NOW)  # fmt: skip
        record("prod", [event("T", NOW, application=("p1", None, "Orders"))], now=NOW)
        work()
        assert rows(compare_subjects(query(), "application")) == {
            "gid:g1": (1, 0, 0),
            "gid:g2": (1, 0, 0),
            "name:orders": (0, 0, 1),
        }

    def test_tells_nothing_from_outside_the_scope(self) -> None:
        record("prod", [event("T", NOW, actor=a, workspace=w)
                        for a, w in (("ann", "sales"), ("ben", "ops"), ("cy", None))],
               now=NOW)  # fmt: skip
        seen = Scope(grants={"prod": frozenset({"sales"})})
        fresh = compare_subjects(query(scope=seen), "actor")
        work()
        assert rows(compare_subjects(query(scope=seen), "actor")) == {"id:ann": (0, 0, 1)}
        assert rows(fresh) == {"id:ann": (0, 0, 1)}
        workspaces = compare_subjects(query(scope=seen), "workspace")
        assert rows(workspaces) == {"name:sales": (0, 0, 1)}

    def test_tells_whom_is_bound_to_a_workspace_what_was_said_there(self) -> None:
        record("prod", [event("T", NOW - timedelta(hours=1), actor="ann", workspace="sales"),
                        event("T", NOW, actor=("ann", "secret@example.com"), workspace="ops")],
               now=NOW)  # fmt: skip
        work()
        seen = Scope(grants={"prod": frozenset({"sales"})})
        assert rows(compare_subjects(query(scope=seen), "actor")) == {"id:ann": (0, 0, 1)}
        assert rows(compare_subjects(query(), "actor")) == {"email:secret@example.com": (0, 0, 2)}


class TestTimeLines:
    def test_have_the_same_buckets_and_all_events(self) -> None:
        record_many()
        work()
        asked = query(days=19)
        lines = time_lines(asked, now=NOW)
        assert len({tuple((b.start, b.end) for b in line) for line in lines}) == 1
        sums = tuple(sum(sum(b.counts.values()) for b in line) for line in lines)
        assert sums == compare_types(asked).totals


class TestSnapped:
    def test_takes_whole_hours_of_a_short_range(self) -> None:
        start, end = snapped(NOW - timedelta(hours=2), NOW, to_days=False)
        assert (start.hour, start.minute, end.hour) == (13, 0, 16)

    def test_takes_whole_days_of_a_long_one(self) -> None:
        start, end = snapped(NOW - timedelta(days=30), NOW, to_days=False)
        assert (start.hour, end - start) == (0, timedelta(days=31))

    def test_keeps_what_is_whole(self) -> None:
        bounds = (NOW.replace(hour=0, minute=0), NOW.replace(hour=12, minute=0))
        assert snapped(*bounds, to_days=False) == bounds


class TestPeriodBefore:
    @given(*[st.datetimes(EARLIEST.replace(tzinfo=None), timezones=st.just(UTC))] * 2)
    def test_begins_where_events_can(self, one: datetime, other: datetime) -> None:
        start, end = sorted((one, other))
        before, until = period_before(start, end)
        assert EARLIEST <= before <= until == start

    def test_keeps_days_whole_over_a_change_of_the_clock(self, settings: object) -> None:
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "Europe/Berlin"}  # type: ignore[attr-defined]
        # 29 March 2026 has 23 hours in Berlin.
        start, end = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
        assert period_before(start, end) == (datetime(2026, 3, 27, 23, tzinfo=UTC), start)

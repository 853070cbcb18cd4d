"""A thousand types for each environment; what is beyond is found by its own word all the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.http import QueryDict

from audit.contracts import Scope
from audit.export import Form, export
from audit.log import event_types as types
from audit.models import EventType, TypeOverflow
from audit.models.event_type import MAX_EVENT_TYPES, MAX_NUMBER, UNREGISTERED
from audit.query import EventQuery, count_events, find_events, histogram, parse_query
from audit.query.counts.facets import find_facets
from audit.query.counts.periods import count_span_types
from audit.query.search.log_feed import find_recorded
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.caches import clear_caches
from audit.record.submitted import Actor
from audit.vocabulary import EVENT_TYPES
from audit.worker.loop import do_round
from tests.clock import began
from tests.committed import committed

ALL = Scope(grants={"dev": None, "prod": None})


def record(environment: str, codes: Iterable[str]) -> None:
    events = [
        SubmittedEvent(type=code, id=uuid4().hex, actor=Actor(id=f"by-{code}")) for code in codes
    ]
    origin = Origin(environment=environment, sender_id=None)
    receipt = record_events(events, origin=origin, received_at=began())
    assert {verdict.status for verdict in receipt.verdicts} <= {"recorded"}


def flood(environment: str, *, word: str = "MADE_UP", count: int = MAX_EVENT_TYPES) -> None:
    record(environment, (f"{word}_{n}" for n in range(count)))


def stored() -> dict[str, str]:
    """The word of each event → the one that its number stands for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.head::json ->> 'type', t.code FROM audit_event e"
            " JOIN audit_eventtype t ON t.id = e.type"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def environments() -> None:
    for key in ALL.grants:
        ensure_environment(key)


@pytest.mark.django_db
@pytest.mark.usefixtures("environments")
class TestTypes:
    def test_are_a_thousand_for_each_environment(self) -> None:
        flood("dev")
        record("dev", ["ONE_MORE"])
        record("prod", ["ANOTHER"])
        assert stored()["ONE_MORE"] == UNREGISTERED
        assert stored()["ANOTHER"] == "ANOTHER"

    def test_are_cut_where_the_thousandth_is_in_the_middle_of_a_submission(self) -> None:
        flood("dev", count=MAX_EVENT_TYPES + 5)
        assert sum(code == UNREGISTERED for code in stored().values()) == 5

    def test_of_the_catalogue_take_nobodys_room(self) -> None:
        flood("dev", count=MAX_EVENT_TYPES + 1)
        record("dev", EVENT_TYPES)
        found = stored()
        assert {code: found[code] for code in EVENT_TYPES} == {code: code for code in EVENT_TYPES}

    def test_of_the_catalogue_are_there_from_the_start(self) -> None:
        codes = EventType.objects.filter(environment=None).values_list("code", flat=True)
        assert {*EVENT_TYPES, UNREGISTERED} <= set(codes)

    def test_end_where_a_small_number_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        EventType.objects.create(id=MAX_NUMBER - 1, code="HIGH")
        record("dev", ["LAST"])
        record("prod", ["TOO_MANY"])
        assert stored() == {"LAST": "LAST", "TOO_MANY": UNREGISTERED}

    def test_draw_no_number_where_nothing_is_new(self) -> None:
        record("dev", ["KNOWN"])
        before = EventType.objects.latest("id").id
        for _ in range(3):
            with transaction.atomic():
                record("dev", ["ROLLED_BACK", "KNOWN"])
                transaction.set_rollback(True)
            clear_caches()
        record("dev", ["NEXT"])
        assert EventType.objects.latest("id").id == before + 1


@pytest.mark.django_db
@pytest.mark.usefixtures("environments")
class TestSearchByType:
    @pytest.fixture(autouse=True)
    def _flooded(self, environments: None) -> None:
        flood("dev")
        record("dev", ["X", "X", "Y", "USER_LOGIN"])
        # Registered by another environment, after one had been refused it.
        record("prod", ["X", "Z"])
        record("dev", ["X"])

    def query(self, filters: str) -> EventQuery:
        return parse_query(QueryDict(filters), scope=ALL, now=began() + timedelta(minutes=1))

    @pytest.mark.parametrize("is_counted", [False, True])
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            pytest.param("type=X", ["X"] * 4, id="registered later"),
            pytest.param("type=X&environment=dev", ["X"] * 3, id="in one environment"),
            pytest.param("type=Y", ["Y"], id="without a number"),
            pytest.param("type=Y&type=Z", ["Y", "Z"], id="several"),
            pytest.param("type=X&actor=by-X", ["X"] * 4, id="with a facet"),
            pytest.param("type=X&q=by-X", ["X"] * 4, id="with a word"),
            pytest.param(f"type={UNREGISTERED}", ["X", "X", "Y"], id="without a word"),
            pytest.param("type=MADE_UP_1", ["MADE_UP_1"], id="with a number"),
            pytest.param("type=NOTHING", [], id="never seen"),
            pytest.param("exclude_type=Y&exclude_actor=x&type=Y", [], id="shut out"),
        ],
    )
    def test_finds_what_has_no_number(
        self, filters: str, expected: list[str], is_counted: bool
    ) -> None:
        while is_counted and not do_round(using="default").is_idle:
            pass
        query = self.query(filters)
        page = find_events(query, cursor=None, page_size=50)
        assert sorted(document.type for document in page.results) == expected
        assert page.complete
        count = count_events(query)
        assert (count.count, count.is_capped) == (len(expected), False)
        assert histogram(query).total == len(expected)
        (facet,) = find_facets(query, ["actor"])
        assert facet.total == len(expected)
        lines = b"".join(export(query, Form(format="ndjson"))).splitlines()
        assert sorted(json.loads(line)["type"] for line in lines) == expected
        span = EventQuery(
            scope=query.scope,
            include=query.include,
            exclude=query.exclude,
            words=query.words,
            start=began() - timedelta(days=3),
            end=began() + timedelta(minutes=1),
        )
        assert sum(count_span_types(span).values()) == len(expected)
        if is_counted:
            told = find_recorded(query, cursor=None, page_size=50).results
            assert sorted(document.type for document in told) == expected

    def test_leaves_out_what_has_no_number(self) -> None:
        query = self.query("exclude_type=X&environment=dev")
        assert count_events(query).count == MAX_EVENT_TYPES + 2
        assert histogram(query).total == MAX_EVENT_TYPES + 2
        others = self.query("group=other&exclude_type=MADE_UP_0&environment=dev")
        assert count_events(others).count == MAX_EVENT_TYPES - 1 + 4

    def test_with_a_rare_browser_looks_on_its_days(self) -> None:
        while not do_round(using="default").is_idle:
            pass
        assert find_events(self.query("type=X&browser=Nobody"), cursor=None, page_size=9).complete

    def test_stays_with_the_rollups_where_all_types_have_numbers(
        self, django_assert_num_queries: Any
    ) -> None:
        query = self.query("type=USER_LOGIN&type=MADE_UP_7")
        with connection.cursor() as cursor:
            inner = cursor.cursor  # type: ignore[attr-defined]
            assert types.codes_elsewhere(inner, ("USER_LOGIN", "MADE_UP_7"), [1, 2, 3]) == set()
        assert count_events(query).count == 2


@pytest.fixture
def commits(django_db_blocker: Any) -> Iterator[None]:
    with committed(django_db_blocker):
        for key in ALL.grants:
            ensure_environment(key)
        yield
        TypeOverflow.objects.all().delete()


@pytest.mark.usefixtures("commits")
class TestAtOnce:
    def test_the_same_new_types_get_one_number_each(self) -> None:
        barrier = Barrier(4)

        def send(environment: str) -> None:
            barrier.wait()
            record(environment, [f"N{n}" for n in range(30)])
            connections.close_all()

        threads = [Thread(target=send, args=(key,)) for key in ("dev", "prod") * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = EventType.objects.filter(code__regex="^N[0-9]+$")
        numbers = sorted(rows.values_list("id", flat=True))
        assert len(numbers) == 30
        assert numbers[-1] - numbers[0] == 29

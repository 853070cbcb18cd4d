"""Events of the same time stand as they were handed in, over the edges of pages, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.contracts import Scope
from audit.log.ids import micros_of, time_of
from audit.models import Event
from audit.query import EventQuery, find_events, get_events
from audit.query.numbered_pages import find_page
from audit.query.search import bounded_scan as look
from audit.query.search import one_instant, order_of_one_time
from audit.query.search.cursors import Cursor, write_cursor
from audit.query.search.log_feed import find_recorded
from audit.query.search.neighbours import find_neighbours
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor
from audit.seal.positions import give_positions
from tests.audit.query.recorded import work

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
TIMES = [NOW + timedelta(microseconds=n) for n in (0, 1, 999)]
ALL = Scope(grants={"prod": None, "dev": None})

members = st.fixed_dictionaries(
    {
        "time": st.sampled_from([*(time.isoformat() for time in TIMES), None]),
        "actor": st.sampled_from([Actor(id="ann"), Actor(id="ben")]),
        "source": st.sampled_from(["a", "b"]),
        "sequence": st.none() | st.integers(0, 3),
        "details": st.sampled_from([{"said": "apple"}, {"said": "pear"}]),
    }
)
batches = st.lists(
    st.tuples(st.sampled_from(["prod", "dev"]), st.lists(members, min_size=1, max_size=9)),
    min_size=1,
    max_size=4,
)
searches = st.sampled_from(
    [
        {},
        {"include": {"actor": ("ann",)}},
        {"exclude": {"actor": ("ann",)}},
        {"words": ("apple",)},
        {"start": TIMES[1]},
        {"end": TIMES[1]},
        {"include": {"type": ("X",)}, "words": ("apple",)},
    ]
)


@contextmanager
def recorded(given_: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> Iterator[None]:
    """Submissions, recorded for as long as the block lasts."""
    with transaction.atomic():
        for environment, events in given_:
            record(environment, events)
        yield
        transaction.set_rollback(True)


def record(environment: str, events: Sequence[dict[str, Any]]) -> list[UUID]:
    ensure_environment(environment)
    receipt = record_events(
        [SubmittedEvent(type="X", id=uuid4().hex, **each) for each in events],
        origin=Origin(environment=environment, sender_id=1),
        received_at=NOW,
    )
    return [verdict.id for verdict in receipt.verdicts if verdict.id]


def in_order(query: EventQuery) -> list[UUID]:
    """What the query asks for, newest first, by the letter of the rule."""
    wanted = [
        row
        for row in Event.objects.all()
        if (not query.include.get("actor") or row.actor_id in query.include["actor"])
        and row.actor_id not in query.exclude.get("actor", ())
        and (not query.words or "apple" in (row.details or ""))
        and (query.start is None or time_of(row.id) >= query.start)
        and (query.end is None or time_of(row.id) < query.end)
    ]
    wanted.sort(key=lambda row: (micros_of(row.id), row.submission_id, row.ordinal), reverse=True)
    return [row.id for row in wanted]


def walk(query: EventQuery, *, page_size: int, way: str = "next", cursor: str | None = None) -> Any:
    pages = []
    while True:
        page = find_events(query, cursor=cursor, page_size=page_size)
        pages.append([UUID(document.id) for document in page.results])
        cursor = getattr(page, way)
        if cursor is None or (way == "previous" and page.complete and not page.results):
            return pages


def joined(pages: Sequence[Sequence[UUID]]) -> list[UUID]:
    return [id_ for page in pages for id_ in page]


class TestPages:
    @pytest.mark.parametrize("budget", [0.25, 0])
    @given(batches, searches, st.integers(1, 7))
    @settings(max_examples=40, deadline=None)
    def test_walk_down_in_order_each_event_once(
        self, budget: float, given_: Any, said: Any, page_size: int
    ) -> None:
        query = EventQuery(scope=ALL, **said)
        with recorded(given_), small_steps(budget):
            assert joined(walk(query, page_size=page_size)) == in_order(query)

    @pytest.mark.parametrize("budget", [0.25, 0])
    @given(batches, searches, st.integers(1, 7), st.integers(1, 7))
    @settings(max_examples=40, deadline=None)
    def test_walk_up_from_any_page_to_the_newest(
        self, budget: float, given_: Any, said: Any, page_size: int, other_size: int
    ) -> None:
        query = EventQuery(scope=ALL, **said)
        with recorded(given_), small_steps(budget):
            cursor, seen = None, 0
            expected = in_order(query)
            for _ in range(4):
                page = find_events(query, cursor=cursor, page_size=page_size)
                if page.previous:
                    up = walk(query, page_size=other_size, way="previous", cursor=page.previous)
                    assert joined(reversed(up)) == expected[:seen]
                seen += len(page.results)
                cursor = page.next
                if cursor is None:
                    break

    @given(batches, st.integers(1, 7), st.integers(0, 6))
    @settings(max_examples=40, deadline=None)
    def test_tell_each_event_once_where_an_instant_has_too_many(
        self, given_: Any, page_size: int, most: int
    ) -> None:
        query = EventQuery(scope=ALL)
        with recorded(given_), pytest.MonkeyPatch.context() as patch:
            patch.setattr(one_instant, "MOST_IN_ORDER", most)
            found = joined(walk(query, page_size=page_size))
            assert sorted(found) == sorted(in_order(query))
            assert [micros_of(id_) for id_ in found] == [micros_of(id_) for id_ in in_order(query)]
            up = walk(query, page_size=page_size, way="previous", cursor=_below_all(query))
            assert sorted(joined(up)) == sorted(found)

    @given(batches, st.integers(1, 7), st.data())
    @settings(max_examples=40, deadline=None)
    def test_go_on_from_cursors_of_old_by_their_ids(
        self, given_: Any, page_size: int, data: st.DataObject
    ) -> None:
        query = EventQuery(scope=ALL)
        with recorded(given_):
            by_id = sorted(in_order(query), reverse=True)
            told = data.draw(st.integers(1, len(by_id)))
            old = write_cursor(Cursor(by_id[told - 1], "older"), query)
            onward = joined(walk(query, page_size=page_size, cursor=old))
            assert sorted([*by_id[:told], *onward]) == sorted(by_id)

    def test_say_where_events_stand_by_id(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(one_instant, "MOST_IN_ORDER", 3)
        record("prod", [{"time": TIMES[0].isoformat()}] * 4)
        query = EventQuery(scope=ALL)
        page = find_events(query, cursor=None, page_size=2)
        assert page.by_id_at == TIMES[0]
        assert find_events(query, cursor=page.next, page_size=2).by_id_at == TIMES[0]
        monkeypatch.setattr(one_instant, "MOST_IN_ORDER", 4)
        assert find_events(query, cursor=None, page_size=2).by_id_at is None

    def test_keep_the_order_of_10_000_events_of_one_time(self) -> None:
        ids = record("prod", [{"time": TIMES[0].isoformat()}] * one_instant.MOST_IN_ORDER)
        query = EventQuery(scope=ALL)
        assert joined(walk(query, page_size=1_000)) == ids[::-1]

    def test_ask_nothing_more_where_times_differ(self) -> None:
        record("prod", [{"time": (NOW + timedelta(seconds=n)).isoformat()} for n in range(9)])
        query = EventQuery(scope=ALL)
        page = find_events(query, cursor=None, page_size=4)
        assert page.next is not None
        for cursor in (None, page.next):
            with patched_order() as asked:
                find_events(query, cursor=cursor, page_size=4)
            assert asked == []


@contextmanager
def patched_order() -> Iterator[list[str]]:
    """Note what is asked beyond the walk along ids."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("places_of", "read_instant", "is_small"):
            patch.setattr(
                order_of_one_time, name, lambda *args, name=name, **more: asked.append(name)
            )
        yield asked


@contextmanager
def small_steps(budget_seconds: float) -> Iterator[None]:
    """Let searches try few rows at a time, within a budget."""
    told = {**configured.AUDIT, "SEARCH_BUDGET_SECONDS": budget_seconds}
    with override_settings(AUDIT=told), pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_instant, "CHUNK", 2)
        patch.setattr(look, "FIRST_CHUNK", 2)
        patch.setattr(look, "LARGEST_CHUNK", 3)
        yield


def _below_all(query: EventQuery) -> str:
    return write_cursor(Cursor(UUID(int=0), "newer"), query)


class TestOthers:
    @pytest.fixture
    def ids(self) -> list[UUID]:
        return record("prod", [{"time": TIMES[0].isoformat()}] * 30)

    def test_neighbours_are_those_handed_in_before_and_after(self, ids: list[UUID]) -> None:
        query = EventQuery(scope=ALL)
        for at, id_ in enumerate(ids):
            beside = find_neighbours(query, event_id=id_, now=timezone.now())
            assert beside.newer == (ids[at + 1] if at + 1 < len(ids) else None)
            assert beside.older == (ids[at - 1] if at else None)
            assert beside.newer_at_once == len(ids) - 1 - at

    def test_pages_by_number_are_in_order(self, ids: list[UUID]) -> None:
        pages = [find_page(EventQuery(scope=ALL), number=n, size=7) for n in range(1, 6)]
        assert [UUID(d.id) for page in pages for d in page.results] == ids[::-1]

    def test_picked_events_are_in_order(self, ids: list[UUID]) -> None:
        found = get_events(set(ids), scope=ALL)
        assert [UUID(document.id) for document in found] == ids[::-1]

    def test_positions_and_what_follows_the_log_are_as_handed_in(self, ids: list[UUID]) -> None:
        assert give_positions(Event.objects.first().environment, using="default") == 1  # type: ignore[union-attr]
        page = find_recorded(EventQuery(scope=ALL), cursor=None, page_size=100)
        assert [UUID(document.id) for document in page.results] == ids
        assert [document.position for document in page.results] == list(range(30))
        work()

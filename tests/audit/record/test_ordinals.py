"""Within a submission: as sent, but for what a source has numbered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log.ids import time_of
from audit.models import Event, EventType, Submission
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.ordinals import ranks_of
from tests.clock import began


def an_hour_ago() -> str:
    return (began() - timedelta(hours=1)).isoformat()


ORIGIN = Origin(environment="prod", sender_id=1, sender="billing", key_id=1)

numbers = st.none() | st.integers(-2, 2)
submitted = st.builds(
    SubmittedEvent,
    type=st.just("X"),
    source=st.sampled_from([None, "a", "b"]),
    sequence=numbers,
    time=st.sampled_from([None, "2026-03-05T09:00:00Z", "2026-03-05T08:00:00Z"]),
)


def event(name: str, **members: object) -> SubmittedEvent:
    return SubmittedEvent(**({"type": name, "id": name, "time": an_hour_ago()} | members))  # type: ignore[arg-type]


class TestPlaces:
    @given(st.lists(submitted, max_size=12))
    def test_let_each_source_keep_its_places_and_sort_within(
        self, events: list[SubmittedEvent]
    ) -> None:
        places = ranks_of(events)
        assert sorted(places) == list(range(len(events)))
        for index, each in enumerate(events):
            if each.sequence is None:
                assert places[index] == index
        for source in (None, "a", "b"):
            of_source = [i for i, e in enumerate(events) if e.source == source]
            held = [i for i in of_source if events[i].sequence is not None]
            assert sorted(places[i] for i in held) == held
            by_place = sorted(held, key=lambda i: places[i])
            assert by_place == sorted(held, key=lambda i: (events[i].sequence, i))


def ordinals() -> list[str]:
    """The types of the recorded events in the order of their ordinals."""
    rows = Event.objects.order_by("submission_id", "ordinal")
    (submission,) = Submission.objects.all()
    assert [row.id for row in rows] == submission.event_ids
    assert [row.ordinal for row in rows] == list(range(len(rows)))
    codes = dict(EventType.objects.values_list("id", "code"))
    return [codes[row.type] for row in rows]


@pytest.mark.django_db
class TestOrdinals:
    @pytest.fixture(autouse=True)
    def _environment(self) -> None:
        ensure_environment("prod")

    def record(self, *events: SubmittedEvent) -> Sequence[UUID | None]:
        receipt = record_events(events, origin=ORIGIN, received_at=began())
        return [verdict.id for verdict in receipt.verdicts]

    @pytest.mark.parametrize("time", [an_hour_ago(), None], ids=["of one time", "without a time"])
    def test_are_those_of_the_order_sent(self, time: str | None) -> None:
        names = [f"T{n:02}" for n in range(30)]
        self.record(*(event(name, time=time) for name in names))
        assert ordinals() == names

    def test_do_not_look_at_times(self) -> None:
        earlier = (began() - timedelta(hours=2)).isoformat()
        self.record(event("SECOND"), event("FIRST", time=earlier))
        assert ordinals() == ["SECOND", "FIRST"]

    def test_follow_the_sequence_of_a_source_in_its_own_places(self) -> None:
        self.record(
            event("A3", source="a", sequence=3),
            event("B2", source="b", sequence=2),
            event("PLAIN"),
            event("A1", source="a", sequence=1),
            event("B1", source="b", sequence=1),
            event("A2", source="a", sequence=2),
        )
        assert ordinals() == ["A1", "B1", "PLAIN", "A2", "B2", "A3"]

    def test_are_without_gaps_where_some_are_refused(self) -> None:
        self.record(event("GOOD"), event("", id="bad"), event("GOOD", id="GOOD"), event("LAST"))
        assert ordinals() == ["GOOD", "LAST"]

    def test_make_the_time_of_what_came_without_one(self) -> None:
        ids = self.record(
            event("C", time=None, sequence=2),
            event("B", time=None, sequence=1),
            event("A", time=None, id=None),
        )
        first = time_of(min(id_ for id_ in ids if id_))
        assert first == began()
        microseconds = [(time_of(id_) - began()) // timedelta(microseconds=1) for id_ in ids if id_]
        assert microseconds == [1, 0, 2]

    def test_let_a_retry_without_times_be_the_same(self) -> None:
        events = [event(f"T{n}", time=None) for n in range(3)]
        first = self.record(*events)
        again = record_events(
            reversed(events), origin=ORIGIN, received_at=began() + timedelta(seconds=9)
        ).verdicts
        assert [verdict.status for verdict in again] == ["duplicate"] * 3
        assert [verdict.id for verdict in reversed(again)] == list(first)

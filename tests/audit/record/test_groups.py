"""Many small requests at once share a commit, and never a failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from audit.contracts import SYSTEM_ENVIRONMENT
from audit.errors import NotRecorded, UnknownEnvironment
from audit.record import Origin, Receipt, SubmittedEvent, check_events, record_events
from audit.record.groups import GROUP
from tests.clock import began
from tests.committed import committed, failing_commits


def an_hour_ago() -> str:
    return (began() - timedelta(hours=1)).isoformat()


SECONDS = 30


@pytest.fixture(autouse=True)
def _committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Transactions are real here, so what they leave behind is taken away."""
    with committed(django_db_blocker):
        yield


def record(name: str, *, environment: str = SYSTEM_ENVIRONMENT, sender_id: int = 1) -> Receipt:
    """Record one event as a request does it: in a thread, with a connection of its own."""
    origin = Origin(environment=environment, sender_id=sender_id, sender="tests")
    event = SubmittedEvent(type="GROUPED", id=name, time=an_hour_ago())
    try:
        return record_events([event], origin=origin, received_at=began())
    finally:
        connections.close_all()


def record_some(*names: str) -> Sequence[Receipt]:
    """Record submissions of one event each as the front hands them over."""
    origin = Origin(environment=SYSTEM_ENVIRONMENT, sender_id=1, sender="tests")
    batch = [
        check_events(
            [SubmittedEvent(type="GROUPED", id=name, time=an_hour_ago())],
            origin=origin,
            received_at=began(),
        )
        for name in names
    ]
    try:
        receipts = GROUP.record(batch, using="default")
    finally:
        connections.close_all()
    assert receipts is not None
    return receipts


def wait_for(is_so: Callable[[], bool]) -> None:
    gone = threading.Event()
    for _ in range(SECONDS * 100):
        if is_so():
            return
        gone.wait(0.01)
    raise AssertionError("it did not happen")


@contextmanager
def gathered(*calls: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """Let all these calls wait for the same turn, then give it."""
    with ThreadPoolExecutor(len(calls)) as pool:
        with GROUP._turn:
            futures = []
            for number, call in enumerate(calls, start=1):
                futures.append(pool.submit(call))
                wait_for(lambda: len(GROUP._waiting) == number)  # noqa: B023
        yield futures


def rows(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


class TestGroup:
    def test_submissions_that_wait_share_a_transaction(self) -> None:
        with gathered(*(lambda n=n: record(f"e{n}", sender_id=n) for n in range(5))) as futures:
            receipts = [future.result(SECONDS) for future in futures]
        assert [v.status for receipt in receipts for v in receipt.verdicts] == ["recorded"] * 5
        stored = dict(rows("SELECT id, sender_id FROM audit_submission"))
        assert [stored[r.submission_id] for r in receipts] == list(range(5))
        assert rows("SELECT count(*), count(DISTINCT xmin::text) FROM audit_event") == [(5, 1)]
        linked = rows(
            "SELECT e.id FROM audit_event e JOIN audit_submission s ON s.id = e.submission_id"
            " AND s.event_ids[e.ordinal + 1] = e.id AND s.sender_id = e.sender_id"
        )
        assert {row[0] for row in linked} == {r.verdicts[0].id for r in receipts}

    def test_some_that_come_together_share_it_with_those_that_come_alone(self) -> None:
        with gathered(lambda: record("alone"), lambda: record_some("a", "b")) as (alone, some):
            receipts = [alone.result(SECONDS), *some.result(SECONDS)]
        assert rows("SELECT count(*), count(DISTINCT xmin::text) FROM audit_event") == [(3, 1)]
        stored = dict(rows("SELECT id, event_ids[1] FROM audit_submission"))
        assert [stored[r.submission_id] for r in receipts] == [r.verdicts[0].id for r in receipts]

    def test_the_same_event_in_two_of_them_is_recorded_once(self) -> None:
        with gathered(lambda: record("same"), lambda: record("same")) as futures:
            first, again = (future.result(SECONDS) for future in futures)
        assert [first.verdicts[0].status, again.verdicts[0].status] == ["recorded", "duplicate"]
        assert again.submission_id is None
        assert again.verdicts[0].leaf_hash == first.verdicts[0].leaf_hash
        assert rows("SELECT count(*) FROM audit_event") == [(1,)]

    def test_what_is_wrong_with_one_is_not_the_others_answer(self) -> None:
        with gathered(
            lambda: record("good"),
            lambda: record("bad", environment="nowhere"),
            lambda: record("better"),
        ) as (good, bad, better):
            with pytest.raises(UnknownEnvironment):
                bad.result(SECONDS)
            assert good.result(SECONDS).verdicts[0].status == "recorded"
            assert better.result(SECONDS).verdicts[0].status == "recorded"
        assert rows("SELECT count(*) FROM audit_event") == [(2,)]

    def test_a_row_that_is_held_elsewhere_holds_up_its_own_sender_alone(self) -> None:
        record("registers the type")
        with transaction.atomic():
            record_here("held")
            with gathered(lambda: record("held"), lambda: record("free")) as (held, free):
                try:
                    assert free.result(SECONDS).verdicts[0].status == "recorded"
                    assert not held.done()
                finally:
                    connection.connection.rollback()
                assert held.result(SECONDS).verdicts[0].status == "recorded"
                transaction.set_rollback(True)

    def test_a_commit_that_fails_is_told_to_all_and_tried_by_nobody(self) -> None:
        with (
            failing_commits(),
            gathered(lambda: record("a"), lambda: record("b")) as futures,
        ):
            for future in futures:
                with pytest.raises(NotRecorded):
                    future.result(SECONDS)
        assert rows("SELECT count(*) FROM audit_event") == [(0,)]

    def test_a_commit_that_waits_too_long_for_a_lock_is_tried_by_each(self) -> None:
        """NOTIFY takes a lock at the commit, and another's commit may take its time."""
        in_group = "current_setting('lock_timeout') <> '0'"
        with (
            failing_commits(sqlstate="55P03", where=in_group),
            gathered(lambda: record("a"), lambda: record("b")) as futures,
        ):
            receipts = [future.result(SECONDS) for future in futures]
        assert [r.verdicts[0].status for r in receipts] == ["recorded"] * 2
        assert rows("SELECT count(*) FROM audit_event") == [(2,)]

    def test_many_at_once_are_each_recorded_once(self) -> None:
        with ThreadPoolExecutor(12) as pool:
            receipts = list(pool.map(record, [f"m{n % 60}" for n in range(120)]))
        statuses = [receipt.verdicts[0].status for receipt in receipts]
        assert sorted(statuses) == ["duplicate"] * 60 + ["recorded"] * 60
        assert rows("SELECT count(*), count(DISTINCT id) FROM audit_event") == [(60, 60)]
        assert not GROUP._waiting


def record_here(name: str) -> None:
    """Record inside the transaction of the test's own connection: never in a group."""
    origin = Origin(environment=SYSTEM_ENVIRONMENT, sender_id=1, sender="tests")
    record_events(
        [SubmittedEvent(type="GROUPED", id=name, time=an_hour_ago())],
        origin=origin,
        received_at=began(),
    )

"""Receipts get their positions in order, without a gap, each once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import LogHead, Pending, Position
from audit.record import Origin, SubmittedEvent, record_events
from audit.seal.positions import give_positions, pending_environments
from tests.factories import EnvironmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def environments() -> None:
    EnvironmentFactory(key="dev")
    EnvironmentFactory()


def record(environment: str, count: int) -> int:
    receipt = record_events(
        [SubmittedEvent(type="USER_LOGIN") for _ in range(count)],
        origin=Origin(environment=environment),
        received_at=timezone.now(),
    )
    assert receipt.submission_id is not None
    return receipt.submission_id


class TestGivePositions:
    def test_follows_the_order_of_the_receipts_without_a_gap(self) -> None:
        first, second = record("prod", 3), record("prod", 2)
        (number,) = pending_environments(psycopg_cursor("default"))
        assert give_positions(number, using="default") == 2
        third = record("prod", 1)
        give_positions(number, using="default")
        given = Position.objects.order_by("first").values_list("submission_id", "first", "count")
        assert list(given) == [(first, 0, 3), (second, 3, 2), (third, 5, 1)]
        assert LogHead.objects.get(environment=number).size == 6
        assert not Pending.objects.exists()

    def test_keeps_a_log_for_each_environment(self) -> None:
        record("dev", 2)
        record("prod", 1)
        for number in pending_environments(psycopg_cursor("default")):
            give_positions(number, using="default")
        assert sorted(LogHead.objects.values_list("size", flat=True)) == [1, 2]
        assert set(Position.objects.values_list("first", flat=True)) == {0}

    def test_of_nothing_is_nothing(self) -> None:
        record("prod", 1)
        (number,) = pending_environments(psycopg_cursor("default"))
        give_positions(number, using="default")
        assert give_positions(number, using="default") == 0

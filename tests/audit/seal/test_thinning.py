"""Old checkpoints are thinned by one rule; what is new, and the newest, stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import Checkpoint
from audit.worker.chores import do_chores

pytestmark = pytest.mark.django_db(transaction=True)
Keep = Callable[[timedelta, timedelta, timedelta], list[datetime]]


@pytest.fixture
def sign(environment: int) -> Keep:
    """Keeps checkpoints signed from an age on, so far apart, for so long; returns when."""

    def _sign(age: timedelta, apart: timedelta, span: timedelta) -> list[datetime]:
        first = timezone.now() - age
        times = [first + apart * n for n in range(span // apart)]
        size = Checkpoint.objects.count()
        Checkpoint.objects.bulk_create(
            Checkpoint(
                environment=environment,
                epoch=1,
                size=size + n + 1,
                root=b"r",
                note="n",
                signed_at=at,
            )
            for n, at in enumerate(times)
        )
        return times

    return _sign


def kept() -> list[datetime]:
    return list(Checkpoint.objects.order_by("size").values_list("signed_at", flat=True))


def first_of_each(times: list[datetime], unit: str) -> list[datetime]:
    firsts: dict[str, datetime] = {}
    for at in times:
        firsts.setdefault(at.astimezone(UTC).isoformat()[: 13 if unit == "hour" else 10], at)
    return list(firsts.values())


class TestThinCheckpoints:
    def test_keeps_all_of_two_days(self, sign: Keep) -> None:
        times = sign(timedelta(hours=47), timedelta(minutes=10), timedelta(hours=47))
        do_chores(using="default")
        assert kept() == times

    def test_then_the_first_of_each_hour(self, sign: Keep) -> None:
        old = sign(timedelta(days=20), timedelta(minutes=7), timedelta(hours=30))
        new = sign(timedelta(hours=1), timedelta(minutes=10), timedelta(hours=1))
        do_chores(using="default")
        assert kept() == first_of_each(old, "hour") + new

    def test_then_the_first_of_each_day_for_ever(self, sign: Keep) -> None:
        old = sign(timedelta(days=4000), timedelta(hours=5), timedelta(days=9))
        new = sign(timedelta(hours=1), timedelta(minutes=10), timedelta(hours=1))
        do_chores(using="default")
        assert kept() == first_of_each(old, "day") + new

    def test_keeps_the_newest_however_old(self, sign: Keep) -> None:
        old = sign(timedelta(days=4000), timedelta(minutes=1), timedelta(minutes=3))
        do_chores(using="default")
        assert kept()[-1] == old[-1]

    def test_changes_nothing_the_second_time(self, sign: Keep) -> None:
        sign(timedelta(days=40), timedelta(hours=1, minutes=3), timedelta(days=39))
        do_chores(using="default")
        once = kept()
        do_chores(using="default")
        assert kept() == once

    def test_thins_each_log_for_itself(self, sign: Keep) -> None:
        sign(timedelta(days=20), timedelta(minutes=5), timedelta(hours=2))
        mine = list(Checkpoint.objects.values())
        Checkpoint.objects.bulk_create(
            Checkpoint(**{**row, "environment": row["environment"] + 1}) for row in mine
        )
        do_chores(using="default")
        counts = [
            Checkpoint.objects.filter(environment=number).count()
            for number in {row["environment"] for row in mine}
            | {row["environment"] + 1 for row in mine}
        ]
        assert counts[0] == counts[1] < len(mine)

"""Every event is verified again within the days that are set; what is found raises an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import Verification
from audit.seal.alarms import open_alarms
from audit.seal.receipt_times import first_position_since
from audit.verify import schedule
from audit.verify.log import read_log
from audit.verify.schedule import is_due, verify_due
from tests.guards import past_the_guards

from .conftest import STEPS

SIZE = sum(STEPS)
pytestmark = pytest.mark.usefixtures("log")


def verify(now: datetime) -> int:
    return verify_due(using="default", now=now, is_stopping=lambda: False)


class TestSchedule:
    def test_everything_is_looked_at_first(self) -> None:
        now = timezone.now()
        assert is_due(using="default", now=now)
        assert verify(now) == 2 * SIZE
        assert not is_due(using="default", now=now)
        rounds = Verification.objects.order_by("kind").values_list(
            "kind", "last_events", "last_findings"
        )
        assert list(rounds) == [("recent", SIZE, 0), ("whole", SIZE, 0)]

    def test_then_what_is_recent_each_hour_and_all_a_day_later(self) -> None:
        now = timezone.now()
        verify(now)
        last_tile = SIZE % 256
        for hours, expected in ((0.5, 0), (1.1, SIZE), (5, last_tile), (25, last_tile + SIZE)):
            assert verify(now + timedelta(hours=hours)) == expected, hours

    def test_a_large_log_is_read_at_the_pace_of_a_week(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(schedule, "STEP", 100)
        monkeypatch.setattr(schedule, "LEAST_A_SECOND", 0)
        now = timezone.now()
        done = [self._whole_steps(now + timedelta(hours=hours)) for hours in range(7 * 24)]
        steps = [hours for hours, step in enumerate(done) if step]
        assert sum(done) >= SIZE
        assert steps[-1] - steps[0] > 4 * 24
        assert Verification.objects.get(kind="whole").last_events is not None

    def _whole_steps(self, now: datetime) -> int:
        before = Verification.objects.filter(kind="whole").first()
        verify(now)
        after = Verification.objects.get(kind="whole")
        return after.events - (before.events if before and after.events >= before.events else 0)

    def test_where_it_is_ended_it_goes_on_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(schedule, "STEP", 256)
        now = timezone.now()
        verify(now)
        assert Verification.objects.get(kind="whole").position == 256
        verify(now + timedelta(minutes=5))
        assert Verification.objects.get(kind="whole").position == 512

    def test_what_is_found_raises_one_alarm_that_stays(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET actor_id = 'x' WHERE ordinal = 7")
        now = timezone.now()
        verify(now)
        verify(now + timedelta(days=2))
        alarms = open_alarms(psycopg_cursor("default"))
        assert {alarm.kind for alarm in alarms} == {"evidence"}
        assert len(alarms) == 3
        assert all("actor_id" in alarm.message for alarm in alarms)


class TestFirstPositionSince:
    def test_halves_its_way_to_the_receipts_since(self) -> None:
        from audit.models import Submission

        now = timezone.now()
        receipts = list(Submission.objects.order_by("id"))
        for hours, receipt in zip((9, 6, 3, 1), receipts, strict=True):
            with past_the_guards():
                Submission.objects.filter(pk=receipt.pk).update(
                    received_at=now - timedelta(hours=hours)
                )
        cursor = psycopg_cursor("default")
        log = read_log(cursor, "prod")
        assert log is not None
        expected = {10: 0, 8: 1, 5: 256, 2: 556, 0: SIZE}
        for hours, position in expected.items():
            assert (
                first_position_since(cursor, log.environment, now - timedelta(hours=hours))
                == position
            )


class TestCommand:
    def told(self, *arguments: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        call_command("verify", *arguments, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    @pytest.mark.parametrize(
        "arguments", [(), ("--all", "--deep"), ("--recent", "2h"), ("--environment", "prod")]
    )
    def test_says_that_nothing_is_wrong(self, arguments: tuple[str, ...]) -> None:
        out, err = self.told(*arguments)
        assert out == ""
        assert f"prod: {SIZE:,} events verified." in err
        assert err.endswith("Nothing is wrong.\n")

    def test_names_the_event_and_the_part(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET details = '{}' WHERE ordinal = 39")
        out = StringIO()
        with pytest.raises(CommandError, match="findings") as caught:
            call_command("verify", stdout=out, stderr=StringIO())
        assert caught.value.returncode == 1
        assert "prod, position 40, event " in out.getvalue()
        assert "row: it is not what was committed to" in out.getvalue()

    @pytest.mark.parametrize(
        "arguments", [("--environment", "nowhere"), ("--recent", "soon"), ("--recent", "2w")]
    )
    def test_says_what_it_cannot_verify(self, arguments: tuple[str, ...]) -> None:
        with pytest.raises(CommandError):
            self.told(*arguments)

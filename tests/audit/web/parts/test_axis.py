from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.web.parts.axis import MAX_TICKS, Axis

START = datetime(2026, 3, 5, 12, 10, tzinfo=UTC)


def labels(width: timedelta, zone: str = "UTC") -> list[str]:
    axis = Axis(start=START, end=START + width, zone=ZoneInfo(zone))
    return [tick.label for tick in axis.ticks()]


class TestTicks:
    @pytest.mark.parametrize(
        ("width", "expected"),
        [
            pytest.param(timedelta(minutes=40), ["12:15", "12:20", "12:25"], id="minutes"),
            pytest.param(timedelta(hours=24), ["15:00", "18:00", "21:00", "6 Mar"], id="a day"),
            pytest.param(timedelta(days=7), ["6 Mar", "7 Mar", "8 Mar"], id="a week"),
            pytest.param(timedelta(days=30), ["9 Mar", "16 Mar", "23 Mar"], id="weeks on Mondays"),
            pytest.param(timedelta(days=365), ["1 May", "1 Jul"], id="a year"),
        ],
    )
    def test_are_times_that_have_a_name(self, width: timedelta, expected: list[str]) -> None:
        found = labels(width)
        assert found[: len(expected)] == expected
        assert len(found) <= MAX_TICKS + 1

    def test_are_those_of_the_zone(self) -> None:
        # 12:10 in UTC is 17:55 in Kathmandu.
        assert labels(timedelta(hours=1), "Asia/Kathmandu")[0] == "18:00"

    def test_end_even_over_nine_thousand_years(self) -> None:
        axis = Axis(
            start=datetime(1, 1, 2, tzinfo=UTC),
            end=datetime(9999, 12, 30, tzinfo=UTC),
            zone=ZoneInfo("UTC"),
        )
        assert axis.ticks()

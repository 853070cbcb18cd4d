"""A period is cut into whole days, whole hours and rests, without gap or overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from audit.query.counts.periods import segments

moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])


class TestSegments:
    @given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(days=40)), zones)
    def test_fill_the_period(self, start: datetime, length: timedelta, zone: str) -> None:
        found = list(segments(start, start + length, ZoneInfo(zone)))
        assert found[0].start == start
        assert found[-1].end == start + length
        assert all(a.end == b.start for a, b in pairwise(found))
        for segment in found:
            for edge in (segment.start, segment.end):
                local = edge.astimezone(ZoneInfo(zone))
                if segment.unit == "day":
                    assert (local.hour, local.minute, local.second) == (0, 0, 0)
                if segment.unit == "hour":
                    assert (edge.minute, edge.second, edge.microsecond) == (0, 0, 0)
        read_singly = [s.end - s.start for s in found if s.unit == "event"]
        assert sum(read_singly, timedelta()) < timedelta(hours=4)

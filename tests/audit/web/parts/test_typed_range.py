from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.log.times import BadTime
from audit.query.search.moments import parse_moment
from audit.web.parts.moments import to_utc
from audit.web.parts.time_spans import stretch_words, typed_range
from audit.web.parts.typed_range import bound_parameter, read_bound, read_range

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)  # a Thursday, 13:30 in Berlin
# The hour from 02:00 comes twice.
OCTOBER = datetime(2026, 10, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def days_of_berlin(settings: Any) -> None:
    settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "Europe/Berlin"}


def day(text: str) -> str:
    """The start of a day in Berlin, as an address says it."""
    return to_utc(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


class TestReadRange:
    @pytest.mark.parametrize(
        ("typed", "first", "last"),
        [
            ("-3d", "-3d", "now"),
            ("3d", "-3d", "now"),
            ("−3d", "-3d", "now"),
            ("-3d..", "-3d", None),
            ("-7d..-1d", "-7d", "-1d"),
            ("-1h..now", "-1h", "now"),
            ("always", "always", None),
            ("", "-24h", None),
        ],
    )  # fmt: skip
    def test_leaves_what_moves_with_the_clock(
        self, typed: str, first: str, last: str | None
    ) -> None:
        assert read_range(typed, zone=NEW_YORK, now=NOW) == (first, last)

    @pytest.mark.parametrize(
        ("typed", "first", "after"),
        [
            pytest.param("2026-03-01", "2026-03-01", "2026-03-02", id="day"),
            pytest.param("today", "2026-03-05", "2026-03-06", id="today"),
            pytest.param("Gestern", "2026-03-04", "2026-03-05", id="yesterday in German"),
            pytest.param("2026-03-29", "2026-03-29", "2026-03-30", id="a day of 23 hours"),
            pytest.param("27 Nov", "2025-11-27", "2025-11-28", id="the newest 27 November"),
            pytest.param("5 Mar", "2026-03-05", "2026-03-06", id="today by its name"),
            pytest.param("27. November 2024", "2024-11-27", "2024-11-28", id="German"),
            pytest.param("1. März", "2026-03-01", "2026-03-02", id="with an umlaut"),
            pytest.param("Nov 27, 2024", "2024-11-27", "2024-11-28", id="American"),
            pytest.param("27.11.2024", "2024-11-27", "2024-11-28", id="dotted"),
            pytest.param("29 Feb", "2024-02-29", "2024-03-01", id="the newest leap day"),
            pytest.param("2026-02", "2026-02-01", "2026-03-01", id="month"),
            pytest.param("Dec 2025", "2025-12-01", "2026-01-01", id="month by its name"),
            pytest.param("Dezember", "2025-12-01", "2026-01-01", id="the newest December"),
            pytest.param("this month", "2026-03-01", "2026-04-01", id="this month"),
            pytest.param("letzten Monat", "2026-02-01", "2026-03-01", id="last month"),
            pytest.param("2026-W09", "2026-02-23", "2026-03-02", id="week"),
            pytest.param("KW 9", "2026-02-23", "2026-03-02", id="week in German"),
            pytest.param("W50", "2025-12-08", "2025-12-15", id="the newest week 50"),
            pytest.param("last week", "2026-02-23", "2026-03-02", id="last week"),
            pytest.param("2026-03-01..2026-03-07", "2026-03-01", "2026-03-08", id="days"),
            pytest.param("1 Mar 2026 – 7 Mar 2026", "2026-03-01", "2026-03-08", id="as said"),
            pytest.param("27 Dec..3 Jan", "2025-12-27", "2026-01-04", id="over the new year"),
            pytest.param("2025-12..2026-01", "2025-12-01", "2026-02-01", id="months"),
            pytest.param("W9 to W10", "2026-02-23", "2026-03-09", id="weeks"),
        ],
    )
    @pytest.mark.parametrize("zone", [BERLIN, NEW_YORK], ids=["Berlin", "New York"])
    def test_takes_days_as_the_installations(
        self, zone: ZoneInfo, typed: str, first: str, after: str
    ) -> None:
        assert read_range(typed, zone=zone, now=NOW) == (day(first), day(after))

    @pytest.mark.parametrize(
        ("typed", "first", "last"),
        [
            pytest.param("09:00..10:30", "2026-03-05 09:00", "2026-03-05 10:30", id="of today"),
            pytest.param("9:00 – 10:30", "2026-03-05 09:00", "2026-03-05 10:30", id="dash"),
            pytest.param("15:00..16:00", "2026-03-04 15:00", "2026-03-04 16:00", id="not ahead"),
            pytest.param("22:00..02:00", "2026-03-04 22:00", "2026-03-05 02:00", id="at night"),
            pytest.param(
                "27 Nov 09:00..10:30", "2025-11-27 09:00", "2025-11-27 10:30", id="of a day"
            ),
            pytest.param(
                "27 Oct 22:00..02:00", "2025-10-27 22:00", "2025-10-28 02:00", id="into the next"
            ),
            pytest.param(
                "2026-03-01 09:00:10 .. 2026-03-01 09:00:40.5",
                "2026-03-01 09:00:10",
                "2026-03-01 09:00:40.500",
                id="seconds",
            ),
            pytest.param(
                "yesterday 09:00..today 10:00", "2026-03-04 09:00", "2026-03-05 10:00", id="words"
            ),
        ],
    )
    def test_takes_a_clock_as_the_readers(self, typed: str, first: str, last: str) -> None:
        expected = tuple(
            to_utc(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)) for text in (first, last)
        )
        now = datetime(2026, 3, 5, 12, 30, tzinfo=NEW_YORK)
        assert read_range(typed, zone=NEW_YORK, now=now) == expected

    @pytest.mark.parametrize(
        ("today", "typed", "first", "after"),
        [
            ("2026-12-01", "27 Nov..3 Dec", "2026-11-27", "2026-12-04"),
            ("2026-11-28", "27 Nov..3 Dec", "2026-11-27", "2026-12-04"),
            ("2026-11-28", "Nov..Dec", "2026-11-01", "2027-01-01"),
            ("2026-11-28", "W48..W50", "2026-11-23", "2026-12-14"),
            ("2026-11-28", "W48..W2", "2026-11-23", "2027-01-18"),
            ("2026-01-01", "1 Jan..3 Jan", "2026-01-01", "2026-01-04"),
            ("2026-11-28", "27 Nov..3 Dec 2025", "2025-11-27", "2025-12-04"),
            ("2026-11-28", "Nov – Jan 2026", "2025-11-01", "2026-02-01"),
            ("2026-11-28", "28 Nov..29 Feb", "2026-11-28", "2028-03-01"),
        ],
    )
    def test_takes_the_nearest_year_where_one_side_has_none(
        self, today: str, typed: str, first: str, after: str
    ) -> None:
        now = datetime.fromisoformat(today).replace(hour=12, tzinfo=UTC)
        assert read_range(typed, zone=BERLIN, now=now) == (day(first), day(after))

    def test_takes_an_instant_of_any_offset(self) -> None:
        assert read_range(
            "2026-03-05T09:00:00.123+01:00..2026-03-05 11:00 +02:00", zone=NEW_YORK, now=NOW
        ) == ("2026-03-05T08:00:00.123000Z", "2026-03-05T09:00:00Z")

    def test_takes_all_of_an_hour_that_comes_twice(self) -> None:
        assert read_range("02:00..02:30", zone=BERLIN, now=OCTOBER) == (
            "2026-10-25T00:00:00Z",
            "2026-10-25T01:30:00Z",
        )
        assert read_range("02:00+01:00..02:30+01:00", zone=BERLIN, now=OCTOBER) == (
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
        )

    @pytest.mark.parametrize(
        "typed",
        [
            *("soon", "2026-13-01", "-3x", "2026-03-01..soon", "-" * 80, "-999999w", "31 Feb"),
            *("..", "a..b..c", "25:00", "09:61", "W54", "2026-W60", "0000-01-01", "9999-12-31"),
            *("this week 09:00", "2026-03-01 09:00+99:00", "32 Nov", "Nov 0", "x" * 10_000),
        ],
    )  # fmt: skip
    def test_names_its_forms_where_it_cannot_read(self, typed: str) -> None:
        with pytest.raises(BadTime, match=r"can't be read.*2026-W10.*09:00\.\.10:30"):
            read_range(typed, zone=BERLIN, now=NOW)

    def test_names_them_in_german(self) -> None:
        with translation.override("de"), pytest.raises(BadTime, match=r"nicht.*gestern"):
            read_range("bald", zone=BERLIN, now=NOW)

    @pytest.mark.parametrize("typed", ["2026-03-07..2026-03-01", "now..-1h", "-1d..-7d"])
    def test_says_that_it_ends_before_it_begins(self, typed: str) -> None:
        with pytest.raises(BadTime, match="ends before it begins"):
            read_range(typed, zone=BERLIN, now=NOW)

    @given(
        text=st.one_of(
            st.text(max_size=90),
            st.text("0123456789-.:WwTZ+ novKarbis…–", max_size=24),
        )
    )
    @settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_reads_or_refuses_whatever_is_typed(self, text: str) -> None:
        try:
            first, last = read_range(text, zone=BERLIN, now=NOW)
        except BadTime:
            return
        start = None if first == "always" else parse_moment(first, now=NOW)
        end = parse_moment(last, now=NOW) if last else None
        assert start is None or end is None or start <= end


class TestReadBound:
    @pytest.mark.parametrize(
        ("typed", "parameter"),
        [
            ("2026-03-01", "2026-02-28T23:00:00Z"),
            ("27 Nov", "2025-11-26T23:00:00Z"),
            ("2026-W10", "2026-03-01T23:00:00Z"),
            ("2026-03-01 09:00", "2026-03-01T14:00:00Z"),
            ("-7d", "-7d"),
            ("jetzt", "now"),
        ],
    )
    def test_reads_the_start(self, typed: str, parameter: str) -> None:
        assert read_bound(typed, zone=NEW_YORK, now=NOW) == parameter

    def test_names_its_own_forms(self) -> None:
        with pytest.raises(BadTime) as refused:
            read_bound("yesterdayish", zone=NEW_YORK, now=NOW)
        assert "-7d" in str(refused.value)
        assert ".." not in str(refused.value)

    @pytest.mark.parametrize("text", ["-7d", "now", "2026-03-05T09:00:00.123+01:00"])
    def test_leaves_what_an_address_says(self, text: str) -> None:
        assert bound_parameter(text, zone=NEW_YORK, now=NOW) == text


_MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2090, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
_ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "America/Havana",
    ]
).map(ZoneInfo)
# Around the changes of clocks, and on the hour, are where it is hard.
_HARD = st.builds(
    lambda hours, minutes: (
        datetime(2026, 10, 24, 20, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)
    ),
    st.integers(0, 24 * 12),
    st.sampled_from([0, 30]),
)


class TestTypedRange:
    @given(bounds=st.tuples(_MOMENTS | _HARD, _MOMENTS | _HARD).map(sorted), zone=_ZONES)
    @settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_is_read_again_as_it_was(self, bounds: list[datetime], zone: ZoneInfo) -> None:
        said = (to_utc(bounds[0]), to_utc(bounds[1]))
        assert read_range(typed_range(said, zone), zone=zone, now=NOW) == said

    @pytest.mark.parametrize(
        ("said", "typed"),
        [
            (("2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"), "2026-03-01"),
            (("2026-02-28T23:00:00Z", "2026-03-07T23:00:00Z"), "2026-03-01..2026-03-07"),
            (("2026-02-28T23:00:00Z", ""), "2026-03-01.."),
            (("always", "2026-03-07T23:00:00Z"), "..2026-03-07"),
            (("2026-03-01T08:00:00Z", "now"), "2026-03-01 03:00..now"),
            (("-7d", "-1d"), "-7d..-1d"),
        ],
    )
    def test_is_short(self, said: tuple[str, str], typed: str) -> None:
        assert typed_range(said, NEW_YORK) == typed
        assert read_range(typed, zone=NEW_YORK, now=NOW) == (said[0], said[1] or None)


def stretch(first: str, last: str, zone: ZoneInfo = BERLIN) -> str:
    return stretch_words(datetime.fromisoformat(first), datetime.fromisoformat(last), zone)


class TestStretchWords:
    def test_of_one_day_are_that_day(self) -> None:
        assert stretch("2026-03-01T00:00+01:00", "2026-03-02T00:00+01:00") == "1 Mar 2026"

    def test_of_days_end_with_the_last(self) -> None:
        days = stretch("2026-03-01T00:00+01:00", "2026-03-08T00:00+01:00")
        assert days == "1 Mar 2026 – 7 Mar 2026"

    def test_name_the_zone_of_days_to_who_is_elsewhere(self) -> None:
        words = stretch("2026-03-01T00:00+01:00", "2026-03-02T00:00+01:00", NEW_YORK)
        assert words == "1 Mar 2026 (Europe/Berlin)"

    def test_are_as_fine_as_they_have_to_be(self) -> None:
        minute = ("2026-03-01T09:00:00+01:00", "2026-03-01T09:01:00+01:00")
        assert stretch(*minute) == "1 Mar 2026 09:00 – 09:01"
        seconds = ("2026-03-01T09:00:10+01:00", "2026-03-01T09:00:40+01:00")
        assert stretch(*seconds) == "1 Mar 2026 09:00:10 – 09:00:40"
        less = ("2026-03-01T09:00:10.25+01:00", "2026-03-01T09:00:10.5+01:00")
        assert stretch(*less) == "1 Mar 2026 09:00:10.250000 – 09:00:10.500000"

    def test_carry_the_offset_in_an_hour_that_comes_twice(self) -> None:
        words = stretch("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00")
        assert words == "25 Oct 2026 02:30+02:00 – 02:30+01:00"

    @pytest.mark.parametrize("language", ["en", "de"])
    @given(
        bounds=st.tuples(_MOMENTS | _HARD, _MOMENTS | _HARD).map(sorted),
        in_days=st.booleans(),
    )
    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_can_be_typed(self, language: str, bounds: list[datetime], in_days: bool) -> None:
        start, end = bounds
        if in_days:
            start, end = (
                moment.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
                for moment in (start, end + timedelta(days=2))
            )
        with translation.override(language):
            words = stretch_words(start, end, BERLIN)
            assert read_range(words, zone=BERLIN, now=NOW) == (to_utc(start), to_utc(end))

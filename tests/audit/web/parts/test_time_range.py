from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from audit.query.search.moments import parse_moment
from audit.web.parts.time_range import RangePicker, absolute, range_picker
from audit.web.parts.typed_range import read_range
from audit.web.parts.url import Address

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def days_of_berlin(settings: Any) -> None:
    settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "Europe/Berlin"}


def picker(query: str, *, now: datetime = NOW) -> RangePicker:
    pairs = tuple((part.split("=")[0], part.split("=")[1]) for part in query.split("&") if part)
    address = Address(path="/events/", pairs=pairs)
    given = {name: parse_moment(value, now=now) for name, value in pairs if value != "always"}
    if not pairs:
        given = {"from": parse_moment("-24h", now=now)}
    return range_picker(address, start=given.get("from"), end=given.get("to"), zone=BERLIN, now=now)


class TestRangePicker:
    @pytest.mark.parametrize(
        ("query", "label", "typed"),
        [
            pytest.param("", "Last 24 hours", "-24h..", id="nothing said"),
            pytest.param("from=-7d", "Last 7 days", "-7d..", id="preset without an end"),
            pytest.param("from=-7d&to=now", "Last 7 days", "-7d", id="preset"),
            pytest.param("from=-3h&to=now", "Last 3 hours", "-3h", id="no preset"),
            pytest.param("from=always", "All of time", "always", id="always"),
            pytest.param(
                "from=2026-02-28T23:00:00Z&to=2026-03-07T23:00:00Z",
                "1 Mar 2026 – 7 Mar 2026",
                "2026-03-01..2026-03-07",
                id="whole days",
            ),
            pytest.param(
                "from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z",
                "1 Mar 2026 09:00 – 10:00",
                "2026-03-01 09:00..2026-03-01 10:00",
                id="an hour",
            ),
        ],
    )
    def test_says_what_is_seen(self, query: str, label: str, typed: str) -> None:
        made = picker(query)
        assert (made.label, made.typed) == (label, typed)

    @pytest.mark.parametrize(
        ("query", "label"),
        [
            ("from=-7d&to=-1d", "26 Feb 2026 13:30 – 4 Mar 2026 13:30"),
            ("from=-2h&to=-1h", "5 Mar 2026 11:30 – 12:30"),
        ],
    )
    def test_tells_what_moves_with_the_clock_to_the_minute(self, query: str, label: str) -> None:
        assert picker(query, now=NOW.replace(second=46, microsecond=34_900)).label == label

    def test_reads_again_what_its_field_shows(self) -> None:
        made = picker("from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z")
        assert read_range(made.typed, zone=BERLIN, now=NOW) == (
            "2026-03-01T08:00:00Z",
            "2026-03-01T09:00:00Z",
        )

    def test_steps_by_its_own_width(self) -> None:
        made = picker("from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z")
        assert made.earlier == "/events/?from=2026-03-01T07:00:00Z&to=2026-03-01T08:00:00Z"
        assert made.later == "/events/?from=2026-03-01T09:00:00Z&to=2026-03-01T10:00:00Z"
        assert made.wider == "/events/?from=2026-03-01T07:30:00Z&to=2026-03-01T09:30:00Z"

    def test_has_nothing_later_than_now(self) -> None:
        assert picker("from=-7d").later is None

    def test_widens_what_has_no_end_without_an_end(self) -> None:
        assert picker("from=-24h").wider == "/events/?from=2026-03-04T00:30:00Z"

    def test_offers_ranges_that_end_now(self) -> None:
        (last_hour,) = [c.href for c in picker("").choices if c.label == "Last hour"]
        assert last_hour == "/events/?from=-1h&to=now"

    @pytest.mark.parametrize(
        "query",
        [
            "from=0001-01-02T00:00:00Z&to=2026-03-01T00:00:00Z",
            "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z",
            "from=9999-12-31T00:00:00Z&to=0001-01-01T00:00:00Z",
        ],
    )
    def test_can_be_at_the_ends_of_time(self, query: str) -> None:
        made = picker(query)
        assert made.label
        assert made.typed


class TestAbsolute:
    def test_says_the_same_to_anybody_later(self) -> None:
        address = Address(path="/events/", pairs=(("from", "-24h"), ("actor", "ann")))
        link = absolute(address, start=parse_moment("-24h", now=NOW), end=NOW)
        assert link == ("/events/?actor=ann&from=2026-03-04T12:30:00Z&to=2026-03-05T12:30:00Z")

    def test_has_no_end_where_the_range_has_none(self) -> None:
        address = Address(path="/events/", pairs=(("from", "-24h"),))
        link = absolute(address, start=parse_moment("-24h", now=NOW), end=None)
        assert link == "/events/?from=2026-03-04T12:30:00Z"

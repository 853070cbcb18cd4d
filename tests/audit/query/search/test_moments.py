from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from audit.contracts import Scope
from audit.errors import BadParameter
from audit.query import histogram, parse_query
from audit.query.lowcoder import parse_lowcoder
from audit.query.search.moments import parse_moment
from audit.query.search.parameters import parse_range

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
ALL = Scope(grants={"prod": None})


@pytest.fixture(autouse=True)
def days_of_berlin(settings: Any) -> None:
    settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "Europe/Berlin"}


class TestADate:
    def test_is_the_start_of_the_installations_day(self) -> None:
        start = datetime(2026, 2, 28, 23, tzinfo=UTC)
        assert parse_moment("2026-03-01", now=NOW) == start
        given = QueryDict("from=2026-03-01")
        assert parse_query(given, scope=ALL, now=NOW).start == start
        assert parse_range(given, now=NOW) == (start, None)
        theirs = QueryDict("fromTimestamp=2026-03-01")
        assert parse_lowcoder(theirs, scope=ALL, now=NOW).query.start == start

    @pytest.mark.django_db
    def test_is_one_bar_of_the_histogram(self) -> None:
        given = QueryDict("from=2026-02-01&to=2026-03-01")
        bars = histogram(parse_query(given, scope=ALL, now=NOW), now=NOW)
        assert len(bars.buckets) == 28


class TestAnEndBeforeTheStart:
    @pytest.mark.parametrize(
        ("given", "parameter"),
        [
            ("from=2026-03-02&to=2026-03-01", "to"),
            ("from=-1h&to=-2h", "to"),
            ("recorded_after=now&recorded_before=-1h", "recorded_before"),
        ],
    )
    def test_is_refused_by_name(self, given: str, parameter: str) -> None:
        with pytest.raises(BadParameter, match="is before") as refused:
            parse_query(QueryDict(given), scope=ALL, now=NOW)
        assert refused.value.parameter == parameter

    def test_is_refused_in_lowcoders_words(self) -> None:
        with pytest.raises(BadParameter, match="toTimestamp") as refused:
            parse_lowcoder(
                QueryDict("fromTimestamp=2026-03-02&toTimestamp=2026-03-01"), scope=ALL, now=NOW
            )
        assert refused.value.parameter == "toTimestamp"

    def test_is_none_where_both_are_one_instant(self) -> None:
        query = parse_query(QueryDict("from=2026-03-01&to=2026-03-01"), scope=ALL, now=NOW)
        assert query.start == query.end

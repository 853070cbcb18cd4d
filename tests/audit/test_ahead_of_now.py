"""Events dated ahead of now: every door says the same of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token
from audit.contracts import Scope
from audit.query import EventQuery
from audit.query.search.ahead_of_now import find_ahead, open_end
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor
from tests.audit.query.recorded import work
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AHEAD = (2.0, 2.0, 1.5, 0.75, 0.2)
PROD = Scope(grants={"prod": None})


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def send(db: None, now: datetime) -> Callable[..., None]:
    """Record an event of so many hours ahead of now each, by the sender billing."""
    EnvironmentFactory()

    def record(*hours: float, type_: str = "APPLICATION_DELETE", sender: str = "billing") -> None:
        receipt = record_events(
            [
                SubmittedEvent(
                    type=type_, time=(now + hour * HOUR).isoformat(), actor=Actor(id="u-ann")
                )
                for hour in hours
            ],
            origin=Origin(environment="prod", sender_id=len(sender), sender=sender),
            received_at=now,
        )
        assert {v.status for v in receipt.verdicts} == {"recorded"}

    return record


@pytest.fixture
def browse(db: None, client: Client) -> Callable[[str], str]:
    client.force_login(PersonFactory(username="ann", superuser=True))

    def get(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return str(answer.text)

    return get


@pytest.fixture
def ask(browse: Any) -> Callable[[str], Any]:
    _, token = create_read_token(user=User.objects.get(username="ann"), now=timezone.now())

    def get(path: str) -> Any:
        return Client().get(f"/api/{path}", headers={"Authorization": f"Bearer {token}"})

    return get


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows(html: str) -> int:
    return len(re.findall(r"<tr data-event", html))


def bars(html: str) -> int:
    """The sum of the chart's bars, as its table tells them."""
    table = html[html.index('class="numbers') :]
    return sum(int(n) for n in re.findall(r'</th><td class="number">(\d+)</td>', table))


def copied(html: str) -> str:
    (link,) = re.findall(r'data-copy-link="([^"]+)"', html)
    return unescape(link)


class TestEveryDoor:
    @pytest.mark.parametrize("asked", ["", "from=-24h", "type=APPLICATION_DELETE", "actor=u-ann"])
    @pytest.mark.parametrize("past", [0, 3])
    def test_says_the_same(self, send: Any, browse: Any, ask: Any, past: int, asked: str) -> None:
        send(*AHEAD, *[-0.5] * past)
        if past:
            work()
        total = len(AHEAD) + past

        assert len(ask(f"v1/events?{asked}").json()["results"]) == total
        assert ask(f"v1/events/count?{asked}").json() == {"count": total, "is_capped": False}
        histogram = ask(f"v1/events/histogram?{asked}").json()
        assert histogram["total"] == total
        assert sum(sum(b["counts"].values()) for b in histogram["buckets"]) == total
        for facet in ("type", "actor"):
            (told,) = ask(f"v1/events/facets?facet={facet}&{asked}").json()["facets"]
            assert [value["count"] for value in told["values"]] == [total]
        exported = b"".join(ask(f"v1/events/export?format=csv&{asked}").streaming_content).decode()
        lines = [line for line in exported.splitlines() if not line.startswith("#")]
        assert len(list(csv.reader(StringIO("\n".join(lines))))) == 1 + total

        for address in (f"/events/?{asked}", copied(browse(f"/events/?{asked}"))):
            assert rows(browse(address)) == total
            chart = browse(f"{address}&part=chart")
            assert f"{total} events" in words(chart)
            assert "1 person" in words(chart)
            assert bars(chart) == total
        assert "to" not in parse_qs(urlsplit(copied(browse(f"/events/?{asked}"))).query)

    def test_says_the_same_to_lowcoder(self, send: Any, ask: Any) -> None:
        send(*AHEAD)
        logs = "plugins/enterprise/audit-logs"
        answer = ask(f"{logs}?eventType=APPLICATION_DELETE").json()
        assert (len(answer["data"]), answer["totalCount"]) == (5, 5)
        statistics = ask(f"{logs}/statistics?groupByParam=eventTypeId").json()["data"]
        assert statistics == [{"eventType": "APPLICATION_DELETE", "groupCountResult": 5}]

    def test_says_the_same_where_periods_are_compared(self, send: Any, browse: Any) -> None:
        send(*AHEAD, -200 / 60)
        html = browse("/compare/?environment=prod&from=-1d")
        assert "Delete application · 6" in words(html)
        assert "5 are dated ahead of now" in words(html)
        (href,) = {
            unescape(h)
            for h in re.findall(
                r'href="(/events/\?[^"]*type=APPLICATION_DELETE[^"]*from=[^"]*)"', html
            )
        }
        assert rows(browse(href)) == 6

    def test_leaves_them_out_where_the_range_ends_now(self, send: Any, browse: Any) -> None:
        send(*AHEAD, -0.5)
        page = browse("/events/")
        (quick,) = re.findall(r'href="([^"]+)"[^>]*>Last 15 minutes<', page)
        assert rows(browse(unescape(quick))) == 0
        (quick,) = re.findall(r'href="([^"]+)"[^>]*>Last hour<', page)
        last_hour = browse(unescape(quick))
        assert (rows(last_hour), bars(last_hour)) == (1, 1)
        assert "1 event" in words(last_hour)
        assert "ahead of now" not in words(last_hour)
        assert rows(browse(copied(last_hour))) == 1

    def test_counts_until_now_at_home_and_tells_of_the_rest(self, send: Any, browse: Any) -> None:
        send(*AHEAD, -0.5)
        page = words(browse("/"))
        assert "1 in 7 days · 1 in 24 h" in page
        assert page.count("deleted an app") <= 1
        assert "Not counted here: 5 are dated ahead of now" in page

    def test_compares_with_as_long_before_as_there_was_until_now(
        self, send: Any, browse: Any
    ) -> None:
        send(2.0, -1, -30)
        page = browse("/events/")
        assert "Its share in as long a time before" in page


class TestEventsPage:
    def test_says_whose_clock_is_fast(self, send: Any, browse: Any) -> None:
        send(2, 1, 0.5)
        send(0.25, sender="shop")
        send(-1)
        page = words(browse("/events/"))
        assert (
            "4 are dated ahead of now: the clock of sender billing is 2 h fast, "
            "the clock of sender shop is 15 min fast"
        ) in page

    def test_says_so_in_german(self, send: Any, browse: Any, client: Client) -> None:
        send(2)
        client.cookies["sightline_language"] = "de"
        assert "1 liegt in der Zukunft: die Uhr des Senders billing geht 2 Std. vor" in words(
            browse("/events/")
        )

    def test_ends_its_chart_with_the_newest(self, send: Any, browse: Any, ask: Any) -> None:
        send(2, -1)
        last = ask("v1/events/histogram?from=-3h").json()["buckets"][-1]
        newest = ask("v1/events?from=-3h&page_size=1").json()["results"][0]["time"]
        assert datetime.fromisoformat(last["start"]) <= datetime.fromisoformat(newest)
        assert datetime.fromisoformat(newest) < datetime.fromisoformat(last["end"])


class TestFindAhead:
    def test_finds_nothing_where_nothing_is(self, send: Any, now: datetime) -> None:
        send(-1)
        assert find_ahead(EventQuery(scope=PROD), now=now) is None
        end = open_end(EventQuery(scope=PROD), now=now)
        assert end - now == timedelta(microseconds=1)

    def test_is_bound_by_the_search(self, send: Any, now: datetime) -> None:
        send(1, 2, type_="GROUP_CREATE")
        send(3)
        query = EventQuery(scope=PROD, include={"type": ("GROUP_CREATE",)})
        found = find_ahead(query, now=now)
        assert found is not None
        assert found.count == 2
        assert open_end(query, now=now) - now == 2 * HOUR + timedelta(microseconds=1)
        assert find_ahead(EventQuery(scope=PROD, end=now), now=now) is None

    def test_counts_up_to_a_most(
        self, send: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audit.query.search.ahead_of_now.MOST_AHEAD", 2)
        send(1, 2, 3)
        found = find_ahead(EventQuery(scope=PROD), now=now)
        assert found is not None
        assert (found.count, found.is_capped) == (2, True)

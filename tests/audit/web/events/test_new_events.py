"""What came since a page was made is what was received since, whenever it happened."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.contracts import Scope
from audit.models import Pending
from audit.query import EventQuery
from audit.query.search.received import count_received, mark_received
from audit.record.submitted import Actor, Workspace
from environments.models import Environment
from tests.audit.query.recorded import work
from tests.factories import EnvironmentFactory

from .shown import event, words

PROD = EventQuery(scope=Scope(grants={"prod": None}))
BEN = Actor(id="u-ben", name="Ben")


@pytest.fixture(params=["counted by the worker", "not yet counted"])
def settle(request: pytest.FixtureRequest) -> Callable[[], None]:
    """What happens between recording and asking."""
    return work if request.param == "counted by the worker" else lambda: None


def new_path(page: Any) -> str:
    (path,) = re.findall(r'data-new="([^"]*)"', page.text)
    return unescape(path)


def next_path(answer: Any) -> str:
    (path,) = re.findall(r'data-next="([^"]*)"', answer.text)
    return unescape(path)


class TestNewEvents:
    def test_are_counted_by_receipt(self, browse: Any, record: Any, settle: Any) -> None:
        record([event(ago=10)])
        settle()
        path = new_path(browse("/events/?actor=u-ann"))
        assert words(browse(path)) == ""
        record([event(ago=5), event(ago=4), event(ago=3, actor=BEN)])
        settle()
        assert words(browse(path)) == "2 new ↑"

    def test_are_counted_beside_one_that_is_ahead_of_now(
        self, browse: Any, record: Any, settle: Any
    ) -> None:
        record([event(ago=-120)])
        settle()
        path = new_path(browse("/events/"))
        assert words(browse(path)) == ""
        record([event(ago=1)])
        settle()
        assert words(browse(path)) == "1 new ↑"

    @pytest.mark.parametrize("ago", [-60, 60 * 20], ids=["ahead of now", "late"])
    def test_are_counted_whenever_they_happened(
        self, browse: Any, record: Any, settle: Any, ago: float
    ) -> None:
        record([event(ago=10)])
        path = new_path(browse("/events/"))
        record([event(ago=ago)])
        settle()
        assert words(browse(path)) == "1 new ↑"

    def test_are_none_outside_of_the_range(self, browse: Any, record: Any) -> None:
        record([event(ago=10)])
        path = new_path(browse("/events/?from=-1h&to=now"))
        record([event(ago=120), event(ago=-60)])
        assert words(browse(path)) == ""
        record([event(ago=30)])
        assert words(browse(path)) == "1 new ↑"

    def test_are_told_where_nothing_was(self, browse: Any, record: Any) -> None:
        path = new_path(browse("/events/?actor=u-ben"))
        record([event(ago=10, actor=BEN)])
        assert words(browse(path)) == "1 new ↑"

    def test_are_not_counted_again_once_they_have_a_position(
        self, browse: Any, record: Any
    ) -> None:
        record([event(ago=10)])
        path = new_path(browse("/events/"))
        work()
        assert words(browse(path)) == ""

    def test_are_looked_for_from_where_nothing_was_left(self, browse: Any, record: Any) -> None:
        path = new_path(browse("/events/?actor=u-ben"))
        record([event(ago=9)])
        work()
        later = next_path(browse(path))
        assert later != path
        record([event(ago=8, actor=BEN)])
        answer = browse(later)
        assert words(answer) == "1 new ↑"
        assert next_path(answer) == later
        assert parse_qs(urlsplit(later).query)["actor"] == ["u-ben"]

    def test_are_not_asked_for_on_an_older_page(self, browse: Any, record: Any) -> None:
        record([event(ago=n) for n in range(1, 4)])
        older = re.findall(
            r'href="(/events/\?[^"]*cursor=[^"]*)"', browse("/events/?page_size=2").text
        )
        assert new_path(browse(unescape(older[0]))) == ""

    @pytest.mark.parametrize("mark", ["", "x", "é", "a.b", "x" * 5_000])
    def test_are_none_since_a_mark_that_is_not_ours(
        self, browse: Any, record: Any, mark: str
    ) -> None:
        record([event(ago=1)])
        answer = browse(f"/events/new/?since={mark}")
        assert (answer.status_code, words(answer)) == (200, "")
        record([event(ago=1)])
        assert words(browse(next_path(answer))) == "1 new ↑"

    def test_keep_to_the_scope(self, record: Any, client: Client) -> None:
        ben = User.objects.create_user("ben")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=ben, environment=prod, workspace_id="sales")
        client.force_login(ben)
        path = new_path(client.get("/events/"))
        record([event(ago=1, workspace=Workspace(id="ops")), event(ago=1)])
        assert words(client.get(path)) == ""
        record([event(ago=1, workspace=Workspace(id="sales"))])
        assert words(client.get(path)) == "1 new ↑"

    def test_say_that_the_session_is_over_in_their_place(self, client: Any) -> None:
        answer = client.get(
            "/events/new/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://t/events/?actor=a&by=type"},
        )
        assert answer.status_code == 401
        assert "/login/?next=/events/%3Factor%3Da%26by%3Dtype" in answer.text


class TestCountReceived:
    def test_counts_up_to_a_most(self, record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("audit.query.search.received.MOST", 3)
        mark = mark_received(PROD)
        record([event(ago=n) for n in range(1, 6)])
        found = count_received(PROD, mark)
        assert (found.count, found.is_capped, found.mark) == (3, True, mark)

    def test_goes_on_where_its_time_was_over(
        self, record: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        monkeypatch.setattr("audit.query.search.received.CHUNK", 2)
        query = EventQuery(scope=PROD.scope, include={"actor": ("u-ben",)})
        mark = mark_received(query)
        for ago in range(1, 8):
            record([event(ago=ago)])
        record([event(ago=1, actor=BEN)])
        work()
        settings.AUDIT = {**settings.AUDIT, "SEARCH_BUDGET_SECONDS": 0.0}
        nothing = count_received(query, mark)
        assert (nothing.count, nothing.is_capped) == (0, True)
        settings.AUDIT = {**settings.AUDIT, "SEARCH_BUDGET_SECONDS": 5.0}
        found = count_received(query, nothing.mark)
        assert (found.count, found.is_capped) == (1, False)

    def test_knows_more_waiting_receipts_than_a_mark_can_name(
        self, record: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audit.query.search.received.MOST_WAITING", 2)
        for ago in range(1, 6):
            record([event(ago=ago)])
        mark = mark_received(PROD)
        assert count_received(PROD, mark).count == 0
        record([event(ago=1)])
        assert Pending.objects.count() == 6
        # More wait than can be named: they are counted once they have a position.
        assert count_received(PROD, mark).count == 0
        work()
        assert count_received(PROD, count_received(PROD, mark).mark).count == 1

    def test_counts_an_environment_that_came_since(self, record: Any) -> None:
        scope = Scope(grants={"prod": None, "qa": None})
        mark = mark_received(EventQuery(scope=scope))
        EnvironmentFactory(key="qa", name="QA")
        record([event(ago=1)], environment="qa")
        work()
        assert count_received(EventQuery(scope=scope), mark).count == 1

"""The page of events: what it shows of a search, folded, of nothing, and of a scope."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from typing import Any

import pytest

from accounts.models import Grant, User
from audit.log.cursor import psycopg_cursor
from audit.models import Preferences, SavedView
from audit.record.submitted import Actor, Workspace
from environments.models import Environment
from tests.audit.query.recorded import work

from .shown import event, rows, words


class TestEventsPage:
    def test_shows_the_last_day_when_nothing_is_asked_for(self, browse: Any, record: Any) -> None:
        record([event(ago=60), event("APPLICATION_DELETE", ago=60 * 30)])
        page = browse("/events/")
        assert "Last 24 hours" in words(page)
        assert len(rows(page)) == 1
        assert len(rows(browse("/events/?from=always"))) == 2

    def test_counts_all_that_matches_not_what_it_shows(self, browse: Any, record: Any) -> None:
        record([event(ago=1 + i / 100, actor=Actor(id=f"u{i}")) for i in range(70)])
        page = browse("/events/")
        assert "70 events" in words(page)
        assert len(rows(page)) == 50

    def test_turns_a_typed_range_into_an_address(self, browse: Any) -> None:
        answer = browse("/events/?range=2026-03-01..2026-03-07&actor=a")
        assert answer["Location"] == (
            "/events/?actor=a&from=2026-03-01T00:00:00Z&to=2026-03-08T00:00:00Z"
        )

    @pytest.mark.parametrize(
        "query",
        [
            pytest.param("range=soon", id="range"),
            pytest.param("from=soon", id="from"),
            pytest.param("by=colour", id="by"),
            pytest.param("page_size=0", id="page size"),
            pytest.param("cursor=x", id="cursor"),
            pytest.param("environment=nowhere", id="environment"),
            pytest.param("colour=red", id="parameter"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(
        self, browse: Any, record: Any, query: str
    ) -> None:
        record([event(), event(actor=Actor(id="u-ben", name="Ben"))])
        page = browse(f"/events/?{query}&actor=u-ben")
        assert page.status_code == 400
        assert query.split("=")[0] in words(page)
        assert len(rows(page)) == 1

    @pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
    @pytest.mark.parametrize(
        "query",
        [
            "from=0001-01-01T00:00:00Z",
            "from=0001-01-01&to=9999-12-31",
            "from=9999-12-31T23:59:59Z&to=0001-01-01T00:00:00Z",
            "range=0001-01-01..9999-12-31",
            "range=9999-12-31",
            "from=-999999w",
            "to=%00",
        ],
    )
    def test_answers_at_the_ends_of_time(
        self, browse: Any, record: Any, ann: User, zone: str, query: str
    ) -> None:
        Preferences.objects.create(user=ann, time_zone=zone)
        record([event()])
        answer = browse(f"/events/?{query}")
        if answer.status_code == 302:
            answer = browse(answer["Location"])
        assert answer.status_code in (200, 400)

    def test_opens_the_view_that_a_person_chose(self, browse: Any, ann: User) -> None:
        SavedView.objects.create(
            owner=ann, name="Mine", address="/events/?from=-7d", is_default=True
        )
        assert browse("/events/")["Location"] == "/events/?from=-7d"
        assert browse("/events/?from=-24h").status_code == 200

    def test_has_the_columns_that_a_person_chose(self, browse: Any, record: Any, ann: User) -> None:
        Preferences.objects.create(user=ann, columns=["type", "application"])
        record([event()])
        page = browse("/events/")
        heads = re.findall(r'<th scope="col" class="([\w ]+)">', page.text)
        assert heads[-2:] == ["type", "application"]
        assert "View application" in rows(page)[0]

    def test_shows_the_colour_of_the_environment_and_its_name(
        self, browse: Any, record: Any
    ) -> None:
        record([event()])
        page = browse("/events/")
        assert "Prod" in rows(page)[0]
        assert 'fill="#c2410c"' in page.text

    def test_searches_words_within_what_is_filtered(self, browse: Any, record: Any) -> None:
        record([event(), event("APPLICATION_DELETE", ago=6)])
        page = browse("/events/?type=APPLICATION_DELETE&q=orders")
        assert len(rows(page)) == 1
        assert "Words orders" in words(page)
        find = page.text.partition('class="find"')[2].partition("</form>")[0]
        assert 'name="type" value="APPLICATION_DELETE"' in find
        assert 'value="orders"' in find

    def test_names_every_filter_that_is_on(self, browse: Any, record: Any) -> None:
        record([event()])
        page = browse("/events/?recorded_after=-7d&key=1&session=s&source=x")
        for label in ("Recorded after -7d", "Ingest key 1", "Session s", "Source x"):
            assert label in words(page)

    def test_has_no_chart_where_counting_takes_too_long(
        self, browse: Any, record: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record([event()])
        monkeypatch.setattr("audit.web.events.search.RAW_CHART_SECONDS", 0.001)
        counting = import_module("audit.query.counts.histogram")
        monkeypatch.setattr(counting, "edges_of", outlast_the_limit)
        page = browse("/events/?actor=u-ann")
        assert len(rows(page)) == 1
        assert "Counting took too long" in words(page)
        assert 'hx-get="/events/?actor=u-ann&amp;part=chart"' in page.text
        monkeypatch.undo()
        chart = browse("/events/?actor=u-ann&part=chart")
        assert "<svg" in chart.text
        assert "<html" not in chart.text
        assert "part=chart" not in chart.text

    def test_calls_who_is_shut_out_by_name(self, browse: Any, record: Any) -> None:
        record([event()])
        work()
        assert "Not User Ann" in words(browse("/events/?exclude_actor=u-ann"))


class TestFolding:
    def test_makes_one_row_of_a_run_which_holds_the_others(self, browse: Any, record: Any) -> None:
        record([event("QUERY_EXECUTION", ago=i) for i in range(1, 6)])
        page = browse("/events/")
        assert "× 5" in rows(page)[0]
        assert len(rows(page)) == 5
        assert page.text.count('<tbody class="run" hidden>') == 1

    def test_ends_a_run_where_something_else_happened(self, browse: Any, record: Any) -> None:
        record([event(ago=i) for i in (1, 2, 4, 5)])
        record([event("APPLICATION_DELETE", ago=3)])
        assert "×" not in " ".join(rows(browse("/events/")))

    def test_can_be_switched_off_in_the_address_and_for_good(
        self, browse: Any, record: Any, ann: User
    ) -> None:
        record([event(ago=i) for i in range(1, 6)])
        assert "×" not in " ".join(rows(browse("/events/?folds=0")))
        Preferences.objects.create(user=ann, folds=False)
        assert "×" not in " ".join(rows(browse("/events/")))
        assert "× 5" in " ".join(rows(browse("/events/?folds=1")))


class TestNothingFound:
    def test_leads_to_the_newest_match(self, browse: Any, record: Any) -> None:
        record([event(ago=60 * 24 * 3)])
        page = browse("/events/")
        assert "No event in this time." in words(page)
        path = re.search(r'href="([^"]*)">The newest match', page.text)
        assert path
        assert len(rows(browse(unescape(path[1])))) == 1

    def test_says_which_filter_to_drop_and_what_comes_then(self, browse: Any, record: Any) -> None:
        record([event(), event(ago=6)])
        page = browse("/events/?actor=u-ann&type=APPLICATION_DELETE&environment=dev")
        assert "Nor does any at another time." in words(page)
        assert "Without" not in words(page)
        page = browse("/events/?actor=u-ann&type=APPLICATION_DELETE")
        assert "Without Type Delete application: 2" in words(page)
        assert "Without User" not in words(page)

    def test_tells_how_to_send_the_first_event(self, browse: Any) -> None:
        page = browse("/events/")
        assert "There are no events yet." in words(page)
        assert "How to send the first one" in words(page)


class TestScope:
    def test_holds_for_the_page_its_chart_and_its_facets(self, client: Any, record: Any) -> None:
        record([event(workspace=Workspace(id="w-1", name="Sales"))])
        record([event("APPLICATION_DELETE", workspace=Workspace(id="w-2", name="Secret"))])
        record([event("FOLDER_CREATE")], environment="dev")
        ben = User.objects.create_user("ben")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=ben, environment=prod, workspace_id="w-1")
        client.force_login(ben)
        page = client.get("/events/")
        assert "1 event " in words(page)
        assert "Secret" not in page.text
        assert "Delete application" not in words(page)
        assert client.get("/events/?environment=dev").status_code == 400

    def test_of_nobody_shows_nothing(self, client: Any, record: Any) -> None:
        record([event()])
        client.force_login(User.objects.create_user("cy"))
        assert rows(client.get("/events/")) == []


class TestDetail:
    def test_is_what_a_row_opens(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE")])
        page = browse(f"/events/{id_}/?part=detail&actor=u-ann")
        assert "<html" not in page.text
        assert id_ in words(page)
        assert "Raw JSON" in words(page)


def outlast_the_limit(*args: Any) -> None:
    """Run a statement of the chart's for longer than it may."""
    psycopg_cursor("default").execute("SELECT pg_sleep(1)")

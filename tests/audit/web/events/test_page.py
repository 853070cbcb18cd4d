from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from html import unescape
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.log.cursor import psycopg_cursor
from audit.models import Preferences, SavedView
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Application, Workspace
from environments.keys import create_ingest_key
from environments.models import Environment
from tests.clock import began


def event(type_: str = "APPLICATION_VIEW", *, ago: float = 5, **members: Any) -> SubmittedEvent:
    """ago: minutes before now"""
    given = {
        "actor": Actor(id="u-ann", name="Ann"),
        "application": Application(id="a-1", name="Orders"),
        **members,
    }
    return SubmittedEvent(type=type_, time=(began() - timedelta(minutes=ago)).isoformat(), **given)


def words(response: Any) -> str:
    """The texts of a page, one space between them."""
    body = re.sub(r"<title>.*?</title>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: Any) -> list[str]:
    found = re.findall(r"<tr data-event.*?</tr>", response.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


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
        Grant.objects.create(user=ben, environment=prod, workspace_id="w-1")
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


class TestNewEvents:
    def test_say_that_the_session_is_over_in_their_place(self, client: Any) -> None:
        answer = client.get(
            "/events/new/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://t/events/?actor=a&by=type"},
        )
        assert answer.status_code == 401
        assert "/login/?next=/events/%3Factor%3Da%26by%3Dtype" in answer.text


class TestPick:
    def test_finds_people_by_the_letters_and_keeps_the_search(
        self, browse: Any, record: Any
    ) -> None:
        record([event()])
        work()
        page = browse("/events/pick/?typed=an&from=-7d", **{"HX-Request": "true"})
        assert "User Ann u-ann not" in words(page)
        assert 'href="/events/?from=-7d&amp;actor=u-ann"' in page.text
        assert 'href="/events/?from=-7d&amp;exclude_actor=u-ann"' in page.text
        assert "<html" not in page.text

    def test_finds_types_and_whole_groups(self, browse: Any) -> None:
        found = words(browse("/events/pick/?kind=type&typed=folder"))
        assert "Group Folders" in found
        assert "Delete folder" in found

    @pytest.mark.parametrize("typed", ["invoice", "PAID", "invoice.paid"])
    def test_finds_types_of_the_senders_own(self, browse: Any, record: Any, typed: str) -> None:
        record([event("invoice.paid")])
        work()
        page = browse("/events/pick/?" + urlencode({"kind": "type", "typed": typed}))
        assert page.text.count("/events/?type=invoice.paid") == 1

    @pytest.mark.parametrize("kind", ["type", "target"])
    def test_takes_what_was_typed_where_the_list_may_lack_it(self, browse: Any, kind: str) -> None:
        page = browse("/events/pick/?" + urlencode({"kind": kind, "typed": "BEYOND_1004"}))
        assert f"/events/?{kind}=BEYOND_1004" in page.text

    def test_takes_what_was_typed_where_there_is_no_list(self, browse: Any) -> None:
        page = browse("/events/pick/?kind=ip&typed=192.0.2.0/24")
        assert "/events/?ip=192.0.2.0%2F24" in page.text

    def test_tells_those_of_one_name_apart(self, browse: Any, record: Any) -> None:
        for environment in ("dev", "prod"):
            app = Application(id=f"a-{environment}", name="Orders")
            record([event(application=app)], environment=environment)
        record([event(application=Application(id="a-other", name="Orders v2"))])
        work()
        found = words(browse("/events/pick/?kind=application&typed=orders"))
        assert "App Orders Dev a-dev" in found
        assert "App Orders Prod a-prod" in found
        assert "App Orders v2 a-other" in found

    @pytest.mark.parametrize("typed", ["ray", "zoë", "Zoe\u0308", "ray zoe"])
    def test_finds_people_by_any_word_in_any_form(
        self, browse: Any, record: Any, typed: str
    ) -> None:
        record([event(actor=Actor(id="u-zoe", name="Zoe\u0308 van Ray"))])
        work()
        page = browse("/events/pick/?" + urlencode({"kind": "actor", "typed": typed}))
        assert "u-zoe" in words(page)

    def test_finds_senders_by_their_names(self, browse: Any) -> None:
        numbers = {}
        for key in ("dev", "prod"):
            sender, _ = create_ingest_key(environment=key, sender="Billing", now=began())
            numbers[key] = sender.sender_id
        found = words(browse("/events/pick/?kind=sender&typed=bill"))
        assert f"Sender Billing Dev {numbers['dev']}" in found
        assert f"Sender Billing Prod {numbers['prod']}" in found

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [
            pytest.param("ip", "unknown", id="no address"),
            pytest.param("ip", "fe80::1%eth0", id="an address with a zone"),
            pytest.param("q", " ".join(f"w{n}" for n in range(11)), id="too many words"),
            pytest.param("session", "s" * 1_025, id="too long"),
        ],
    )
    def test_offers_nothing_that_a_search_refuses(self, browse: Any, kind: str, typed: str) -> None:
        page = browse("/events/pick/?" + urlencode({"kind": kind, "typed": typed}))
        assert page.status_code == 200
        assert f"/events/?{kind}=" not in page.text

    def test_is_a_page_without_a_script(self, browse: Any) -> None:
        page = browse("/events/pick/?environment=prod")
        assert "<html" in page.text
        assert "Prod" in words(page)


class TestPicked:
    def test_are_exported_newest_first_and_the_log_says_so(self, browse: Any, record: Any) -> None:
        ids = record([event(ago=9), event(ago=5), event(ago=7)])
        answer = browse(f"/events/picked/?id={ids[0]}&id={ids[1]}")
        first, second = answer.text.splitlines()
        assert (ids[1] in first, ids[0] in second) == (True, True)
        told = browse(f"/api/v1/exports/{answer['Export-Id']}").json()
        assert (told["state"], told["rows"]) == ("done", 2)
        assert told["sha256"] == sha256(answer.content).hexdigest()
        admin = User.objects.create_superuser("root")
        client = Client()
        client.force_login(admin)
        log = client.get("/events/?environment=audit-system&type=AUDIT_EXPORT")
        assert len(rows(log)) == 1

    def test_leave_out_what_may_not_be_seen(self, client: Any, record: Any) -> None:
        (id_,) = record([event()])
        client.force_login(User.objects.create_user("cy"))
        answer = client.get(f"/events/picked/?id={id_}")
        assert (answer.status_code, answer.text) == (200, "")

    @pytest.mark.parametrize("query", ["", "id=x", "id=" + "&id=".join(["x"] * 3)])
    def test_need_ids(self, browse: Any, query: str) -> None:
        assert browse(f"/events/picked/?{query}").status_code == 400


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


def work() -> None:
    from audit.worker.loop import do_round

    while not do_round(using="default").is_idle:
        pass


class TestFacets:
    def test_name_senders_and_tell_apps_of_one_name_apart(self, browse: Any, record: Any) -> None:
        ensure_environment("dev")
        ensure_environment("prod")
        for number, environment in enumerate(("dev", "prod"), start=1):
            record_events(
                [event(application=Application(id=f"a-{environment}", name="Orders"))],
                origin=Origin(environment=environment, sender_id=number, sender="billing"),
                received_at=began(),
            )
        work()
        # Of one event alone, so that the others are named by no row.
        side = words(browse("/events/?page_size=1"))
        assert "Orders Dev · a-dev 1" in side
        assert "Orders Prod · a-prod 1" in side
        assert "Sender billing Dev · 1 1 billing Prod · 2 1" in side

    def test_a_filter_by_sender_has_its_name(self, browse: Any) -> None:
        sender, _ = create_ingest_key(environment="prod", sender="Billing", now=began())
        assert "Sender Billing" in words(browse(f"/events/?sender={sender.sender_id}"))

    def test_of_a_sample_say_so_at_each_figure(
        self, browse: Any, record: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("audit.web.events.search.FACETS_OF", 3)
        record([event(ago=n) for n in range(1, 6)])
        page = browse("/events/")
        facets = re.findall(r"<section>.*?</section>", page.text, re.DOTALL)
        told = {
            unescape(re.findall(r"<h2>(.*?)</h2>", one)[0]): re.findall(
                r'<span class="number"([^>]*)>([^<]*)</span>', one
            )
            for one in facets
        }
        assert told["Type"] == [("", "5")]
        ((title, count),) = told["User · of the newest 3"]
        assert count == "3+"
        assert "of the newest 3, back to 20" in title

    def test_of_all_have_no_mark(self, browse: Any, record: Any) -> None:
        record([event(ago=n) for n in range(1, 6)])
        page = browse("/events/")
        assert "of the newest" not in page.text
        assert "<h2>User</h2>" in page.text


class TestTime:
    def test_keeps_the_range_that_was_shown(self, browse: Any, record: Any) -> None:
        record([event(ago=5), event(ago=60 * 30)])
        page = browse("/events/?from=-7d&to=now")
        assert '<input type="hidden" name="from" value="-7d">' in page.text
        again = browse("/events/?from=-7d&to=now&range=soon")
        assert again.status_code == 400
        assert "“soon” can't be read. It takes: -3d · yesterday · 2026-03-01" in words(again)
        assert "Last 7 days" in words(again)
        assert len(rows(again)) == 2
        assert not re.search(r'href="[^"]*soon', again.text)

    def test_gives_a_cleared_range_up(self, browse: Any) -> None:
        answer = browse("/events/?actor=a&from=-7d&to=now&range=")
        assert answer["Location"] == "/events/?actor=a"

    def test_says_that_an_end_is_before_the_start(self, browse: Any, record: Any) -> None:
        record([event()])
        page = browse("/events/?from=-1h&to=-2h")
        assert page.status_code == 400
        assert "to '-2h' is before from '-1h'" in words(page)

    def test_tells_the_hours_of_october_apart(self, browse: Any, record: Any, ann: User) -> None:
        Preferences.objects.create(user_id=ann.pk, time_zone="Europe/Berlin")
        record([
            SubmittedEvent(type="A", time="2025-10-26T02:30:00+02:00"),
            SubmittedEvent(type="A", time="2025-10-26T02:30:00+01:00"),
            SubmittedEvent(type="A", time="2025-10-26T03:30:00+01:00"),
        ])  # fmt: skip
        page = browse("/events/?from=2025-10-26T00:00:00Z&to=2025-10-26T03:00:00Z&folds=0")
        times = re.findall(r"<time [^>]*>([^<]*)</time>", page.text)
        assert times == [
            "2025-10-26 03:30:00",
            "2025-10-26 02:30:00+01:00",
            "2025-10-26 02:30:00+02:00",
        ]
        assert "26 Oct 2025 02:00+02:00 – 04:00" in words(page)
        assert 'value="2025-10-26 02:00+02:00..2025-10-26 04:00"' in page.text

    def test_is_the_browsers_where_nobody_chose_another(
        self, browse: Any, client: Client, ann: User
    ) -> None:
        assert 'data-zone="UTC"' in browse("/events/").text
        client.cookies["sightline_zone"] = "Asia%2FTokyo"
        page = browse("/events/")
        assert 'data-zone="Asia/Tokyo"' in page.text
        assert "Asia/Tokyo" in words(browse("/events/"))
        client.cookies["sightline_zone"] = "..%2F..%2Fetc%2Fpasswd"
        assert 'data-zone="UTC"' in browse("/events/").text
        Preferences.objects.create(user_id=ann.pk, time_zone="Europe/Berlin")
        assert "data-zone" not in browse("/events/").text

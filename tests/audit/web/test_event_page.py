from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.record.submitted import Actor, Context, Workspace
from audit.worker.loop import do_round
from environments.models import Environment
from tests.audit.web.events.shown import event
from tests.clock import began
from tests.guards import past_the_guards


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def section(page: Any, title: str) -> str:
    found = [s for s in re.split(r"(?=<section)", page.text) if f"<h2>{title}" in s]
    return words(found[0].partition("</section>")[0]) if found else ""


class TestEventPage:
    def test_has_the_sentence_as_title_and_the_path_to_it(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_DELETE", workspace=Workspace(id="w", name="Sales"))])
        page = browse(f"/events/{id_}/")
        assert "<title>Ann deleted app Orders" in page.text
        path = page.text.partition('<nav class="path"')[2].partition("</nav>")[0]
        assert words("<nav" + path) == "Prod Sales Ann Orders this event"

    def test_adds_what_its_names_are_today(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE", ago=50)])
        record([event("APPLICATION_VIEW", ago=90, actor=Actor(id="u-ann", name="Ann Maiden"))])
        record([event("APPLICATION_VIEW", actor=Actor(id="u-ann", name="Ann Smith"))])
        while not do_round(using="default").is_idle:
            pass
        who = section(browse(f"/events/{id_}/"), "Who and what")
        assert "User Ann now called Ann Smith" in who
        assert who.count("now called") == 1

    def test_tells_the_client_as_it_was_sent(self, browse: Any, record: Any) -> None:
        hints = {"sec-ch-ua-platform": '"Windows"', "a": "b"}
        context = Context(user_agent="curl/8.5.0", client_hints=hints, session="s-1", trace="t-1")
        (id_,) = record([event("USER_LOGIN", context=context)])
        text = words(browse(f"/events/{id_}/").text)
        assert "Browser or client curl Its version 8.5.0" in text
        assert (
            r'User agent curl/8.5.0 Client hints {"a": "b", "sec-ch-ua-platform": "\"Windows\""}'
            " Session s-1 Request – Trace t-1"
        ) in text

    def test_tells_no_name_from_another_workspace(
        self, browse: Any, record: Any, client: Client
    ) -> None:
        sales, ops = (Workspace(id=id_, name=id_) for id_ in ("sales", "ops"))
        (id_,) = record([event("APPLICATION_UPDATE", ago=50, workspace=sales)])
        for ago, name, workspace in ((9, "Ann Smith", sales), (8, "Ann of ops", ops)):
            record([event("X", ago=ago, actor=Actor(id="u-ann", name=name), workspace=workspace)])
        while not do_round(using="default").is_idle:
            pass
        assert "now called Ann of ops" in browse(f"/events/{id_}/").text
        user = User.objects.create_user("ben")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="sales")
        client.force_login(user)
        assert "now called Ann Smith" in client.get(f"/events/{id_}/").content.decode()

    def test_draws_lines_of_details_and_shows_json_in_a_text(
        self, browse: Any, record: Any
    ) -> None:
        details = {"sql": "SELECT 1\n\tFROM a", "empty": "", "dsl": '{"rows":[1.50,"\u202e"]}'}
        (id_,) = record([event("QUERY_EXECUTION", details=details)])
        tree = (
            browse(f"/events/{id_}/").text.partition('<ul class="tree">')[2].partition("</ul>")[0]
        )
        assert "SELECT 1\n\tFROM a" in tree
        assert '<span class="kind">empty text</span>' in tree
        pre = unescape(tree.partition("<pre>")[2].partition("</pre>")[0])
        assert pre == '{\n  "rows": [\n    1.50,\n    "\\u202e"\n  ]\n}'

    @pytest.mark.parametrize(
        ("address", "asked"),
        [
            pytest.param("::ffff:192.0.2.77", "192.0.2.77", id="mapped"),
            pytest.param("192.0.2.77:4711", "192.0.2.77", id="with a port"),
            pytest.param("[2001:db8::7]:443", "2001:db8::7", id="in brackets"),
            pytest.param("192.0.2.77, 10.0.0.1", "192.0.2.77", id="a chain"),
            pytest.param("unknown", None, id="no address"),
            pytest.param("fe80::1%eth0", None, id="with a zone"),
            pytest.param("db01.internal", None, id="a host's name"),
        ],
    )
    def test_links_an_address_to_a_search_that_is_not_refused(
        self, browse: Any, record: Any, address: str, asked: str | None
    ) -> None:
        (id_,) = record([event("USER_LOGIN", context=Context(ip=address))])
        page = browse(f"/events/{id_}/")
        assert address in page.text
        links = {unescape(link) for link in re.findall(r'href="(/events/\?[^"]+)"', page.text)}
        assert all(browse(link).status_code == 200 for link in links)
        by_address = [link for link in links if re.search(r"[?&]ip=", link)]
        assert bool(by_address) == (asked is not None)
        for link in by_address:
            assert parse_qs(urlsplit(link).query)["ip"] == [asked]
            assert id_ in browse(link).text

    def test_shows_its_life_with_runs_as_one_and_looks_left_out(
        self, browse: Any, record: Any
    ) -> None:
        noon = (began() - timedelta(days=1)).replace(hour=12, minute=0)  # all on one day
        ago = int((began() - noon).total_seconds() // 60)
        ids = record(
            [
                event("APPLICATION_CREATE", ago=ago + 90),
                *(event("APPLICATION_UPDATE", ago=ago + 80 - i) for i in range(41)),
                event("APPLICATION_VIEW", ago=ago + 30),
                event("APPLICATION_DELETE", ago=ago + 5),
            ]
        )
        life = section(browse(f"/events/{ids[-1]}/"), "Life of Orders")
        day = str(noon.date())
        shown = " ".join(life.replace(day, "").split())
        assert shown.endswith("Create application Update application × 41 Delete application")

    def test_shows_what_its_session_and_request_did(self, browse: Any, record: Any) -> None:
        ids = record(
            [
                event("USER_LOGIN", ago=50, context=Context(session="s-1", request_id="r-0")),
                event("APPLICATION_UPDATE", context=Context(session="s-1", request_id="r-1")),
                event("FOLDER_CREATE", context=Context(session="s-2", request_id="r-1")),
                event("APPLICATION_VIEW", ago=200, context=Context(session="s-3")),
            ]
        )
        page = browse(f"/events/{ids[1]}/")
        assert "Ann signed in" in section(page, "The same session")
        assert "created" in section(page, "The same request")
        assert "signed in" not in section(page, "The same request")
        near = section(page, "The same user, ± 5 minutes")
        assert "created" in near
        assert "signed in" not in near

    def test_shows_nothing_around_it_that_the_viewer_may_not_see(
        self, client: Any, record: Any
    ) -> None:
        ids = record(
            [
                event("APPLICATION_UPDATE", workspace=Workspace(id="w-1", name="Sales")),
                event("APPLICATION_DELETE", ago=4, workspace=Workspace(id="w-2", name="Secret")),
            ]
        )
        ben = User.objects.create_user("ben")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=ben, environment=prod, workspace_id="w-1")
        client.force_login(ben)
        page = client.get(f"/events/{ids[0]}/")
        assert page.status_code == 200
        assert "deleted" not in words(page.text)
        assert client.get(f"/events/{ids[1]}/").status_code == 404

    def test_says_what_was_erased(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE")])
        with past_the_guards() as cursor:
            cursor.execute(
                "UPDATE audit_event SET personal = NULL, personal_salt = NULL,"
                " personal_commitment = %s WHERE id = %s",
                [b"c" * 32, id_],
            )
        page = browse(f"/events/{id_}/")
        assert "Erased from this event: what is personal." in words(page.text)
        assert "Someone (erased) updated app Orders" in words(page.text)


class TestWayBack:
    def test_leads_to_the_search_and_its_neighbours(self, browse: Any, record: Any) -> None:
        ids = record(
            [
                event("APPLICATION_UPDATE", ago=30),
                event("APPLICATION_VIEW", ago=25),
                event("APPLICATION_UPDATE", ago=20),
                event("APPLICATION_UPDATE", ago=10),
            ]
        )
        page = browse(f"/events/{ids[2]}/?type=APPLICATION_UPDATE")
        assert "2 of 3" in words(page.text)
        assert 'href="/events/?type=APPLICATION_UPDATE"' in page.text
        assert f'rel="prev" href="/events/{ids[3]}/?type=APPLICATION_UPDATE"' in page.text
        assert f'rel="next" href="/events/{ids[0]}/?type=APPLICATION_UPDATE"' in page.text

    def test_has_no_neighbours_at_the_ends(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE")])
        page = browse(f"/events/{id_}/?actor=u-ann")
        assert 'rel="prev"' not in page.text
        assert 'rel="next"' not in page.text

    def test_is_to_all_events_from_a_bare_link(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE")])
        assert "All events" in words(browse(f"/events/{id_}/").text)

    def test_understands_an_address_that_is_partly_wrong(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("APPLICATION_UPDATE")])
        assert browse(f"/events/{id_}/?colour=red&from=soon").status_code == 200

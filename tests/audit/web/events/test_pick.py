"""Choosing a filter, and exporting the events that were picked."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import User
from audit.record.submitted import Actor, Application
from environments.keys import create_ingest_key
from tests.audit.query.recorded import work
from tests.clock import began
from tests.factories import EnvironmentFactory, GrantFactory, PersonFactory

from .shown import event, rows, words


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
        admin = PersonFactory(superuser=True)
        client = Client()
        client.force_login(admin)
        log = client.get("/events/?environment=audit-system&type=AUDIT_EXPORT")
        assert len(rows(log)) == 1

    def test_leave_out_what_may_not_be_seen(self, client: Any, record: Any) -> None:
        (id_,) = record([event()])
        cy = User.objects.create_user("cy")
        GrantFactory(user=cy, environment=EnvironmentFactory(key="elsewhere"))
        client.force_login(cy)
        answer = client.get(f"/events/picked/?id={id_}")
        assert (answer.status_code, answer.text) == (200, "")

    @pytest.mark.parametrize("role", ["viewer", None])
    def test_are_for_who_may_export(self, client: Any, record: Any, role: str | None) -> None:
        (id_,) = record([event()])
        cy = User.objects.create_user("cy")
        if role is not None:
            GrantFactory(user=cy, role=role)
        client.force_login(cy)
        assert client.get(f"/events/picked/?id={id_}").status_code == 403

    @pytest.mark.parametrize("query", ["", "id=x", "id=" + "&id=".join(["x"] * 3)])
    def test_need_ids(self, browse: Any, query: str) -> None:
        assert browse(f"/events/picked/?{query}").status_code == 400

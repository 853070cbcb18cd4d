from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from audit.models import Event, Export
from audit.record import SubmittedEvent
from audit.record.submitted import Actor
from audit.web.exports.page import BACKGROUND_FROM, export_menu
from tests.factories import EventFactory, PersonFactory


@pytest.fixture
def _directory(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT = {**settings.AUDIT, "EXPORT_DIRECTORY": str(tmp_path)}


def event(name: str) -> SubmittedEvent:
    return EventFactory(type="USER_LOGIN", actor=Actor(id=name, name=name.title()))


class TestExportMenu:
    def test_leads_to_a_file_of_exactly_what_is_seen(self, browse: Any, record: Any) -> None:
        record([event("ann"), event("ben")])
        page = browse("/events/?actor=ann&by=type&folds=0")
        href = re.search(r'href="([^"]*format=ndjson[^"]*)"', page.text)
        assert href
        answer = browse(unescape(href[1]))
        assert answer.status_code == 200, answer.content
        (line,) = b"".join(answer.streaming_content).decode().splitlines()
        assert '"Ann"' in line

    def test_has_a_file_for_excel(self, browse: Any, record: Any) -> None:
        record([event("ann")])
        href = re.search(r'href="([^"]*bom=yes[^"]*)"', browse("/events/").text)
        assert href
        answer = browse(unescape(href[1]))
        assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")

    def test_offers_the_background_for_many(self) -> None:
        few = export_menu("/events/?from=always", count=BACKGROUND_FROM - 1, is_capped=False)
        many = export_menu("/events/?from=always", count=BACKGROUND_FROM, is_capped=False)
        unknown = export_menu("/events/?from=always", count=10_000, is_capped=True)
        assert few
        assert many
        assert unknown
        assert all(link.href for link in few.links)
        assert not any(link.href for link in many.links + unknown.links)


@pytest.mark.usefixtures("_directory")
class TestExports:
    def test_are_asked_for_by_a_form_and_listed(
        self, client: Client, browse: Any, record: Any, ann: User
    ) -> None:
        record([event("ann"), event("ben")])
        search = "actor=ann&from=2026-01-01T00:00:00Z"
        client.force_login(ann)
        answer = client.post("/exports/", {"search": search, "form": "format=csv&bom=yes"})
        assert answer["Location"] == "/exports/"
        made = Export.objects.get(owner=ann)
        assert (made.format, made.said, made.expected_rows) == ("csv", search, 1)
        assert made.has_bom
        page = browse("/exports/")
        assert "User: ann" in page.text
        assert "waiting" in page.text
        assert 'hx-trigger="every 2s"' in page.text

    @pytest.mark.parametrize(
        ("search", "format_"),
        [
            pytest.param("colour=red", "csv", id="a parameter that isn't"),
            pytest.param("actor=ann", "xlsx", id="a format that isn't"),
        ],
    )
    def test_are_refused_in_a_sentence(
        self, client: Client, ann: User, search: str, format_: str
    ) -> None:
        client.force_login(ann)
        answer = client.post("/exports/", {"search": search, "form": f"format={format_}"})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert not Export.objects.exists()

    def test_that_were_streamed_are_told_with_their_hash(self, browse: Any, record: Any) -> None:
        (id_,) = record([event("ann")])
        streamed = browse("/api/v1/events/export?format=csv&actor=ann")
        body = b"".join(streamed.streaming_content)
        picked = browse(f"/events/picked/?id={id_}")
        page = browse("/exports/")
        assert "User: ann" in page.text
        assert "1 picked event" in page.text
        for whole in (body, picked.content):
            assert sha256(whole).hexdigest() in page.text
        assert page.text.count("streamed") == 2
        assert "Download" not in page.text

    @pytest.mark.parametrize("way", ["asked for", "picked"])
    def test_are_recorded_with_the_address_behind_the_proxy(
        self, settings: LazySettings, client: Client, record: Any, ann: User, way: str
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "TRUSTED_PROXIES": 1}
        (id_,) = record([event("ann")])
        client.force_login(ann)
        behind = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}
        if way == "picked":
            client.get(f"/events/picked/?id={id_}", **behind)
        else:
            client.post("/exports/", {"search": "", "form": "format=csv"}, **behind)
        assert list(Event.objects.filter(resource_type="export").values_list("ip", flat=True)) == [
            "192.0.2.7"
        ]

    def test_are_cancelled_by_their_owner_alone(
        self, client: Client, record: Any, ann: User
    ) -> None:
        record([event("ann")])
        client.force_login(ann)
        client.post("/exports/", {"search": "", "form": "format=json"})
        path = f"/exports/{Export.objects.get().id}/cancel/"
        client.force_login(PersonFactory(username="eve", auditor=True))
        assert client.post(path).status_code == 404
        client.force_login(ann)
        assert client.post(path).status_code == 302
        assert Export.objects.get().state == "cancelled"

"""Promotions by their address: lines, flags, an app's own page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.record.submitted import SubmittedEvent
from audit.web.parts.durations import duration_words
from audit.web.promotions import page as promotions_page
from tests.audit.query.recorded import KEYS, event, record, work
from tests.clock import began
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def publish(key: str, hours: float, tag: str = "1.0", app: str = "Orders") -> SubmittedEvent:
    return event(
        "APPLICATION_PUBLISH",
        began() - timedelta(hours=hours),
        application=(f"{key}-{app}", f"gid-{app}", app),
        actor="ann",
        details={"tag": tag},
        workspace="sales",
    )


@pytest.fixture(autouse=True)
def _company() -> None:
    for key in KEYS:
        EnvironmentFactory(key=key, is_production=key == "prod")
    edit = event("APPLICATION_UPDATE", began() - timedelta(hours=30), actor="dee",
                 application=("prod-CRM", "gid-CRM", "CRM"))  # fmt: skip
    record("dev", [publish("dev", 60), publish("dev", 50, "8", "Billing")], now=began())
    record("staging", [publish("staging", 40)], now=began())
    record("prod", [publish("prod", 9), publish("prod", 45, "8", "Billing"), edit], now=began())
    work()


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(PersonFactory(superuser=True))
    return client


def lines(client: Client, address: str = "/promotions/", *, status: int = 200) -> list[str]:
    """The rows of the table, as texts."""
    answer = client.get(address)
    assert answer.status_code == status
    body = re.search(r'<table class="rows lines">.*?<tbody>(.*?)</tbody>', answer.content.decode(),
                     re.DOTALL)  # fmt: skip
    found = re.findall(r"<tr.*?</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


class TestPromotions:
    def test_show_each_line_with_its_lead_time_and_flags(self, client: Client) -> None:
        orders, crm, billing = lines(client)
        assert orders.startswith("Orders Dev 1.0 Ann")
        assert "+20 h" in orders
        assert orders.endswith("lead 2 d 3 h")
        assert crm.startswith("CRM – – Prod edited Dee")
        assert crm.endswith("⚠ changed in Prod directly")
        assert billing.endswith("lead 5 h ⚠ skipped Staging")

    @pytest.mark.parametrize(
        ("address", "apps"),
        [
            ("?flagged=1", ["CRM", "Billing"]),
            ("?app=ord", ["Orders"]),
            ("?app=gid:gid-CRM", ["CRM"]),
            ("?from=-24h", ["Orders"]),
            ("?workspace=sales", ["Orders", "Billing"]),
            ("?to=-100d&from=-200d", []),
        ],
    )
    def test_keep_to_the_filters(self, client: Client, address: str, apps: list[str]) -> None:
        assert [row.split()[0] for row in lines(client, f"/promotions/{address}")] == apps

    @pytest.mark.parametrize("address", ["/promotions/", "/promotions/?from=-7d&to=-1d"])
    def test_tell_their_period_to_the_minute(self, client: Client, address: str) -> None:
        (first, last) = client.get(address).context["period"].split(" – ")
        for said in (first, last):
            assert re.fullmatch(r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}", said)

    def test_go_on_to_older_lines(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(promotions_page, "MAX_LINES", 2)
        html = client.get("/promotions/").content.decode()
        (older,) = re.findall(r'rel="next" href="([^"]+)"', html)
        assert [row.split()[0] for row in lines(client, older)] == ["Billing"]

    @pytest.mark.parametrize(
        "address", ["?flaged=1", "?cursor=x", "?from=soon", "?from=0001-01-01", "?to=9999-12-31"]
    )
    def test_say_what_is_wrong_and_keep_the_rest(self, client: Client, address: str) -> None:
        assert len(lines(client, f"/promotions/{address}", status=400)) == 3

    def test_keep_to_the_scope(self) -> None:
        ben = User.objects.create_user("ben")
        environment = EnvironmentFactory(key="dev")
        Grant.objects.create(
            role="auditor", user=ben, environment=environment, workspace_id="sales"
        )
        client = Client()
        client.force_login(ben)
        assert [row.split()[0] for row in lines(client)] == ["Billing", "Orders"]
        assert client.get("/promotions/app/?key=gid:gid-CRM").status_code == 404


class TestApp:
    def test_shows_its_copies_and_its_line(self, client: Client) -> None:
        html = client.get("/promotions/app/?key=gid:gid-Orders").content.decode()
        assert "Joined by its gid gid-Orders" in html
        assert "staging-Orders" in html
        (line,) = lines(client, "/promotions/app/?key=gid:gid-Orders")
        assert line.endswith("lead 2 d 3 h")

    @pytest.mark.parametrize("key", ["", "gid:none", "x"])
    def test_is_not_found(self, client: Client, key: str) -> None:
        assert client.get("/promotions/app/", {"key": key}).status_code == 404

    def test_tells_nothing_of_an_app_in_another_workspace(self) -> None:
        ben = User.objects.create_user("ben")
        environment = EnvironmentFactory()
        Grant.objects.create(
            role="auditor", user=ben, environment=environment, workspace_id="sales"
        )
        client = Client()
        client.force_login(ben)
        assert client.get("/promotions/app/?key=gid:gid-Orders").status_code == 200
        assert client.get("/promotions/app/?key=gid:gid-CRM").status_code == 404


class TestDurationWords:
    @pytest.mark.parametrize(
        ("duration", "words"),
        [
            (timedelta(days=2, hours=3, minutes=9), "2 d 3 h"),
            (timedelta(days=2, minutes=9), "2 d"),
            (timedelta(hours=3, minutes=5), "3 h 5 min"),
            (timedelta(minutes=12, seconds=40), "12 min"),
            (timedelta(seconds=40), "40 s"),
            (timedelta(), "0 s"),
        ],
    )
    def test_take_two_units(self, duration: timedelta, words: Any) -> None:
        assert duration_words(duration) == words

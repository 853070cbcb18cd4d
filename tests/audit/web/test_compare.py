"""The comparison by its address: what it shows, where it leads, what it costs."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.http import QueryDict
from django.test import Client

from accounts.models import Grant, User
from audit.contracts import Scope
from audit.query import count_events, parse_query
from audit.record.submitted import Resource
from audit.web.compare.csv_table import csv_text
from tests.audit.query.recorded import KEYS, data_source, event, record, work
from tests.clock import began
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
ALL = Scope(grants=dict.fromkeys(KEYS))


@pytest.fixture(autouse=True)
def _company() -> None:
    for key in KEYS:
        EnvironmentFactory(key=key)
    sales = {"actor": ("u1", "ann@example.com"), "workspace": "sales"}
    orders = {"application": ("a1", "g1", "Orders")}
    record("dev", [event("APPLICATION_UPDATE", began(), **sales, **orders)] * 3, now=began())
    record("staging", [event("USER_LOGIN", began(), actor="cy")], now=began())
    record("prod", [event("USER_LOGIN", began(), **sales), event("=CMD", began())], now=began())
    record("prod", [event("USER_LOGIN", began() - timedelta(days=9), actor="u7")], now=began())
    work()


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(PersonFactory(superuser=True))
    return client


def get(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def rows(html: str) -> dict[str, list[str]]:
    """Row head → cells, as texts."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL):
        head, *cells = (
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        )
        found[head] = cells
    return found


class TestCompare:
    def test_shows_types_in_groups_with_their_differences(self, client: Client) -> None:
        found = rows(get(client, "/compare/"))
        assert found["Apps"] == ["3", "·", "·", "only in Dev"]
        assert found["Update application"] == ["3", "·", "·", "only in Dev"]
        assert found["User login"] == ["·", "1", "1", "never in Dev"]

    def test_leads_from_every_cell_to_as_many_events(self, client: Client) -> None:
        html = get(client, "/compare/?workspace=sales")
        links = re.findall(
            r'<a href="(/events/\?[^"]+)"><svg class="share".*?</svg>(\d+)</a>', html
        )
        assert len(links) == 4
        for href, count in links:
            query = QueryDict(urlsplit(href.replace("&amp;", "&")).query)
            assert count_events(parse_query(query, scope=ALL, now=began())).count == int(count)

    @pytest.mark.parametrize("by", ["type", "actor", "application", "data_source", "workspace"])
    @pytest.mark.parametrize(
        "more",
        ["", "differences=1", "workspace=sales", "has=prod", "group=sessions&group=nonsense",
         "group=other&type=USER_LOGIN&type=%3DCMD", "group=sessions&type=APPLICATION_UPDATE",
         "environment=prod&from=-5d", "environment=prod&lacks=before"],
    )  # fmt: skip
    def test_opens_what_each_figure_counts(self, client: Client, by: str, more: str) -> None:
        orders, folder = data_source("d1", "orders"), Resource(type="folder", id="d1", name="x")
        record("prod", [event("READ", began(), resource=orders, workspace="ops"),
                        event("READ", began(), resource=folder)], now=began())  # fmt: skip
        work()
        status = 400 if "nonsense" in more and by == "type" else 200
        html = get(client, f"/compare/?by={by}&{more}", status=status)
        links = re.findall(
            r'<a href="(/events/\?[^"]+)"><svg class="share".*?</svg>(\d+)</a>', html
        ) + re.findall(r'<a class="quiet" href="(/events/[^"]+)">(\d+)</a>', html)
        assert links or 'class="rows matrix' not in html
        for href, count in links:
            query = QueryDict(urlsplit(href.replace("&amp;", "&")).query)
            assert count_events(parse_query(query, scope=ALL, now=began())).count == int(count)

    def test_leads_nowhere_from_what_no_search_finds(self, client: Client) -> None:
        many = [event("READ", began(), resource=data_source(f"d{n}", "orders")) for n in range(51)]
        record(
            "prod",
            [*many, event("READ", began(), resource=data_source("d0", "orders"))],
            now=began(),
        )
        work()
        html = get(client, "/compare/?by=data_source")
        assert rows(html)["orders"] == ["·", "·", "52", "only in Prod"]
        assert '<span class="counted" title="of too many ids for one search">' in html

    @pytest.mark.parametrize("more", ["differences=1", "has=prod", "lacks=staging"])
    def test_keeps_its_figures_where_rows_are_hidden(self, client: Client, more: str) -> None:
        for key in KEYS:
            record(
                key,
                [event("USER_LOGOUT", began()), event("APPLICATION_CREATE", began())],
                now=began(),
            )
        whole, left = (rows(get(client, f"/compare/?{asked}")) for asked in ("", more))
        assert len(left) < len(whole)
        assert "All" in left
        for head, cells in left.items():
            assert cells == whole[head], head

    @pytest.mark.parametrize("by", ["type", "actor"])
    def test_says_where_filters_are_too_many(self, client: Client, by: str) -> None:
        asked = "&".join(f"workspace=w{n}" for n in range(21))
        html = get(client, f"/compare/?by={by}&{asked}", status=400)
        assert "at most 20 values" in html

    @pytest.mark.parametrize(
        ("by", "head", "cells"),
        [
            ("actor", "U1", ["3", "·", "1", "never in Staging"]),
            ("application", "Orders versions", ["3", "·", "·", "only in Dev"]),
            ("workspace", "Sales", ["3", "·", "1", "never in Staging"]),
        ],
    )
    def test_shows_who_and_what(self, client: Client, by: str, head: str, cells: list[str]) -> None:
        assert rows(get(client, f"/compare/?by={by}"))[head] == cells

    def test_narrows_to_what_is_in_one_and_never_in_another(self, client: Client) -> None:
        found = rows(get(client, "/compare/?has=prod&lacks=dev"))
        assert "User login" in found
        assert "Update application" not in found

    def test_shows_only_differences(self, client: Client) -> None:
        record("dev", [event("USER_LOGOUT", began())], now=began())
        record("staging", [event("USER_LOGOUT", began())], now=began())
        record("prod", [event("USER_LOGOUT", began())], now=began())
        assert "User logout" in rows(get(client, "/compare/"))
        assert "User logout" not in rows(get(client, "/compare/?differences=1"))

    def test_compares_one_environment_with_its_own_past(self, client: Client) -> None:
        found = rows(get(client, "/compare/?environment=prod&from=-5d"))
        assert found["User login"] == ["1", "1", ""]
        assert found["Cmd"] == ["·", "1", "only now"]

    def test_folds_a_group_by_its_address(self, client: Client) -> None:
        html = get(client, "/compare/?folded=applications")
        assert re.search(r'<tbody id="rows-applications" hidden', html)
        assert not re.search(r'<tbody id="rows-sessions" hidden', html)

    @pytest.mark.parametrize(
        ("address", "word"),
        [
            ("enviroment=prod", "environment"),
            ("environment=prd", "prod"),
            ("by=typ", "type"),
            ("from=yesterdayish", "“yesterdayish” can&#x27;t be read. It takes: -7d · 2026-03-01"),
            ("from=-1d&to=-2d", "ends before"),
            ("has=nowhere", "nowhere"),
            ("from=0001-01-01", "before the year 2000"),
            ("from=-99999w", "before the year 2000"),
            ("to=9999-12-31", "a year ahead"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(
        self, client: Client, address: str, word: str
    ) -> None:
        html = get(client, f"/compare/?{address}", status=400)
        assert 'role="alert"' in html
        assert word in html
        assert "Update application" in html

    @pytest.mark.parametrize("start", ["1970-01-01", "1970-01-02", "1970-06-01"])
    @pytest.mark.parametrize("way", ["", "environment=prod&", "environment=prod&by=actor&"])
    def test_goes_back_as_far_as_events_may(
        self, settings: LazySettings, client: Client, way: str, start: str
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "EARLIEST_YEAR": 1970}
        assert 'role="alert"' not in get(client, f"/compare/?{way}from={start}")

    def test_keeps_the_period_that_was_shown(self, client: Client) -> None:
        html = get(client, "/compare/?from=-30d&to=-1d")
        was = re.findall(r'<input type="hidden" name="(was_[a-z]+)" value="([^"]*)"', html)
        assert was == [("was_from", "-30d"), ("was_to", "-1d")]
        shown = re.findall(r'id="matrix-title">([^<]*)', html)
        again = get(client, f"/compare/?from=soon&to=-1d&{urlencode(was)}", status=400)
        assert re.findall(r'id="matrix-title">([^<]*)', again) == shown
        assert 'name="from" title' in again
        assert 'value="-30d"' in again
        assert "soon" not in "".join(re.findall(r'href="[^"]*"', again))

    @pytest.mark.parametrize(
        "given", ["from=&to=", "from=soon&from=-7d", "from=-7d&from=", "to=%00"]
    )
    def test_takes_any_form_of_fields(self, client: Client, given: str) -> None:
        assert client.get(f"/compare/?{given}").status_code in (200, 400)
        assert client.get(f"/promotions/?{given}").status_code in (200, 400)

    def test_reads_what_a_person_types(self, client: Client) -> None:
        day = (datetime.now(UTC) - timedelta(days=1)).strftime("%-d %b")
        html = get(client, f"/compare/?from={quote(day)}&to=now")
        assert f'value="{(datetime.now(UTC) - timedelta(days=1)).date()}"' in html

    def test_shows_hours_in_the_zone_of_the_browser(self, client: Client) -> None:
        client.cookies["sightline_zone"] = "Asia%2FTokyo"
        html = get(client, "/compare/?from=2026-03-01T08:00:00Z&to=2026-03-01T10:00:00Z")
        assert "1 Mar 2026 17:00 – 19:00" in html
        days = get(client, "/compare/?from=2026-03-01&to=2026-03-03")
        assert "1 Mar 2026 – 2 Mar 2026" in days

    @pytest.mark.parametrize(
        "bounds", ["from=2000-01-01", "before_from=2000-01-01", "before_from=0001-01-01"]
    )
    @pytest.mark.parametrize("by", ["type", "actor", "permission"])
    def test_compares_over_any_length(self, client: Client, bounds: str, by: str) -> None:
        answer = client.get(f"/compare/?environment=prod&by={by}&{bounds}")
        assert answer.status_code == (400 if "0001" in bounds else 200)

    def test_shows_no_more_than_the_scope(self) -> None:
        ben = User.objects.create_user("ben")
        for key, workspace in (("staging", None), ("prod", "ops")):
            environment = EnvironmentFactory(key=key, name=key)
            Grant.objects.create(
                role="auditor", user=ben, environment=environment, workspace_id=workspace
            )
        client = Client()
        client.force_login(ben)
        found = rows(get(client, "/compare/"))
        assert found["User login"][:2] == ["1", "·"]
        assert "Update application" not in found
        for by in ("actor", "application", "data_source", "workspace", "permission"):
            assert "ann@example" not in get(client, f"/compare/?by={by}")

    def test_tells_whom_sees_nothing_so(self) -> None:
        client = Client()
        client.force_login(User.objects.create_user("nobody"))
        assert "you see no environment yet" in get(client, "/compare/")

    def test_exports_what_it_shows(self, client: Client) -> None:
        answer = client.get("/compare/?format=csv&lacks=dev")
        assert answer["Content-Disposition"] == 'attachment; filename="comparison-by-type.csv"'
        head, *lines = csv.reader(StringIO(answer.content.decode()))
        assert head[:4] == ["by", "group", "key", "name"]
        assert head[4].startswith("Dev [")
        assert [
            "type",
            "Sessions",
            "USER_LOGIN",
            "User login",
            "0",
            "1",
            "1",
            "never in Dev",
        ] in lines
        assert any(line[2] == "'=CMD" for line in lines)


class TestCsvText:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
    def test_keeps_a_formula_a_text(self, text: str) -> None:
        (line,) = csv.reader(StringIO(csv_text([text], []), newline=""))
        assert line == [f"'{text}"]

    def test_leaves_numbers_as_they_are(self) -> None:
        assert csv_text(["n"], [[-3, "a,b"]]) == 'n\r\n-3,"a,b"\r\n'


def test_addresses_keep_their_parameters(client: Client) -> None:
    html = get(client, "/compare/?environment=dev&environment=prod&from=-30d&workspace=sales")
    (href,) = re.findall(r'href="(/compare/\?[^"]*differences=1)"', html)
    asked = parse_qs(urlsplit(href.replace("&amp;", "&")).query)
    assert asked["environment"] == ["dev", "prod"]
    assert asked["workspace"] == ["sales"]

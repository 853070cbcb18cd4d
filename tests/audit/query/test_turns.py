"""Which views search, and what is said where a search has not been begun."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token
from audit.query.turns import NO_TURN, is_search
from tests.factories import EnvironmentFactory, PersonFactory

SEARCHES = {
    "",
    "events/",
    "events/new/",
    "compare/",
    "promotions/",
    "promotions/app/",
    "api/v1/events",
    "api/v1/events/count",
    "api/v1/events/facets",
    "api/v1/events/histogram",
    "api/plugins/enterprise/audit-logs",
    "api/plugins/enterprise/audit-logs/statistics",
}


def marked(resolver: Any, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= marked(pattern, route)
        elif is_search(pattern.callback, frozenset({"q"})):
            found.add(route)
    return found


class TestIsSearch:
    def test_holds_for_what_looks_through_events(self) -> None:
        assert marked(get_resolver()) == SEARCHES

    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            pytest.param((), False, id="all"),
            pytest.param(("page_size", "cursor", "fields"), False, id="a page of all"),
            pytest.param(("page_size", "q"), True, id="filtered"),
            pytest.param(("from",), True, id="of a time"),
        ],
    )
    def test_does_not_hold_for_the_newest_of_all(
        self, parameters: tuple[str, ...], expected: bool
    ) -> None:
        view = get_resolver().resolve("/api/v1/events").func
        assert is_search(view, frozenset(parameters)) is expected


@pytest.fixture
def admin(db: None) -> User:
    EnvironmentFactory()
    return PersonFactory(is_superuser=True)


class TestWithoutATurn:
    @pytest.mark.parametrize("route", sorted(r for r in SEARCHES if r.startswith("api/")))
    def test_programs_are_told_when_to_ask_again(self, admin: User, route: str) -> None:
        token = create_read_token(user=admin, name="t", now=timezone.now())[1]
        answer = Client().get(
            f"/{route}?user=u1", headers={"authorization": f"Bearer {token}"}, **{NO_TURN: True}
        )
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        said = answer.json()
        assert said["type"] == "urn:audit:problem:too-many-searches"
        assert "was not begun" in said["detail"]

    @pytest.mark.parametrize("route", sorted(r for r in SEARCHES if not r.startswith("api/")))
    def test_people_are_shown_a_way_back(self, admin: User, route: str) -> None:
        client = Client()
        client.force_login(admin)
        answer = client.get(f"/{route}?user=u1", **{NO_TURN: True})
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert f'href="/{route}?user=u1"' in answer.content.decode()

    def test_a_part_of_a_page_says_it_in_its_place(self, admin: User) -> None:
        client = Client()
        client.force_login(admin)
        answer = client.get(
            "/events/?part=chart",
            headers={"hx-request": "true", "hx-current-url": "http://testserver/events/?user=u1"},
            **{NO_TURN: True},
        )
        assert answer.status_code == 503
        text = answer.content.decode()
        assert "<html" not in text
        assert 'href="/events/?user=u1"' in text

    def test_strangers_are_led_to_the_login(self, db: None) -> None:
        assert Client().get("/events/", **{NO_TURN: True}).status_code == 302

"""Who gets what from which address? All routes of the project; a new one needs an entry here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from audit.models import Event
from audit.worker.loop import do_round
from environments.keys import create_ingest_key
from environments.models import Environment
from tests.factories import EnvironmentFactory, IngestKeyFactory, PersonFactory
from tests.routes import routes

MARK = "only-prod-may-be-seen"
NOTHING = "00000000-0000-0000-0000-000000000000"
SOMEWHERE = "11111111-1111-1111-1111-111111111111"

TILE = "log/^(?P<environment>[a-z0-9-]+)/(?P<resource>tile/.+)$"
# public: for everybody; reader: a read token or a session; sender: an ingest key, to post alone;
# page: a session, others are led to the login; admin: a session of the staff
DOORS: dict[str, str] = {
    "login/": "public",
    "logout/": "public",
    "": "page",
    "events/": "page",
    "events/new/": "page",
    "events/pick/": "page",
    "events/picked/": "page",
    "events/<uuid:event_id>/": "page",
    "compare/": "page",
    "promotions/": "page",
    "promotions/app/": "page",
    "evidence/": "page",
    "evidence/alarms/<int:alarm_id>/clear/": "page",
    "exports/": "page",
    "exports/<uuid:export_id>/cancel/": "page",
    "first-key/": "page",
    "preferences/": "public",
    "setting/audit": "public",
    "setting/audit/<uuid:event_id>/detail": "public",
    "style/": "page",
    "views/": "page",
    "views/<int:view_id>/delete/": "page",
    "api/docs/": "public",
    "api/docs": "public",
    "^api(/|$)": "public",
    "api/v1/": "public",
    "api/v1/openapi.json": "public",
    "api/v1/limits": "public",
    "api/v1/events": "reader",
    "api/v1/events/export": "reader",
    "api/v1/events/count": "reader",
    "api/v1/events/facets": "reader",
    "api/v1/events/histogram": "reader",
    "api/v1/events/<uuid:event_id>": "reader",
    "api/v1/events/<uuid:event_id>/proof": "reader",
    "api/v1/events/<uuid:event_id>/verification": "reader",
    "api/v1/exports": "reader",
    "api/v1/exports/<uuid:export_id>": "reader",
    "api/v1/exports/<uuid:export_id>/file": "reader",
    "api/v1/lowcoder/events": "sender",
    "api/v1/actors": "reader",
    "api/v1/applications": "reader",
    "api/v1/resources": "reader",
    "api/v1/rejected": "reader",
    "api/v1/rejected/counts": "reader",
    "api/v1/rejected/download": "reader",
    "api/v1/workspaces": "reader",
    "api/v1/environments": "reader",
    "api/v1/event-types": "reader",
    "api/plugins/enterprise/audit-logs": "reader",
    "api/plugins/enterprise/audit-logs/statistics": "reader",
    "log/": "public",
    "log/<slug:environment>/checkpoint": "reader",
    TILE: "reader",
    "health/live": "public",
    "health/ready": "public",
}
# What a route needs to be told before it tells anything.
QUERIES = {
    "api/v1/events/facets": "?facet=actor&facet=workspace&facet=type&facet=resource",
    "api/v1/events/export": "?format=ndjson",
    "events/pick/": f"?facet=actor&q={MARK[:4]}",
}
# Streams whose cursor is named, and kept open by the one transaction of a test: told to one admin.
STREAMED = ("api/v1/events/export",)
# Pages of the admin that have no secret: the way in and the way out.
ADMIN_PUBLIC = ("admin/login/", "admin/logout/")
VISITORS = ("nobody", "sender", "staging by token", "staging by session", "admin by token", "admin")


def door_of(route: str) -> str:
    if route.startswith("admin/"):
        return "public" if route in ADMIN_PUBLIC else "admin"
    return DOORS[route]


ROUTES = sorted(set(routes()))


@pytest.fixture
def prod_event(db: None) -> Event:
    """An event of Prod that says nothing but its mark, and one of its kind that is refused."""
    EnvironmentFactory()
    _, token = IngestKeyFactory(sender=MARK)
    event = {
        "type": MARK.upper(),
        "workspace": {"id": MARK, "name": MARK},
        "actor": {"id": MARK, "name": MARK},
        "application": {"id": MARK, "name": MARK},
        "resource": {"type": "application", "id": MARK, "name": MARK},
        "details": {"a": MARK},
        "source": MARK,
    }
    answer = Client().post(
        "/api/v1/events",
        [event, {"type": "X", MARK: 1}],
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200
    do_round(using="default")
    return Event.objects.get(workspace_id=MARK)


@pytest.fixture
def visit(prod_event: Event) -> Any:
    """Ask for a route as one of VISITORS."""
    EnvironmentFactory(key="staging")
    staging = User.objects.create_user("staging", password="x")
    Grant.objects.create(user=staging, environment=Environment.objects.get(key="staging"))
    admin = PersonFactory(superuser=True)
    now = timezone.now()
    _, key = create_ingest_key(environment="staging", sender="crm", now=now)
    tokens = {
        "sender": key,
        "staging by token": create_read_token(user=staging, now=now)[1],
        "admin by token": create_read_token(user=admin, now=now)[1],
    }
    people = {"staging by session": staging, "admin": admin}

    def ask(route: str, visitor: str) -> Any:
        client = Client(raise_request_exception=False)
        user = people.get(visitor, AnonymousUser())
        if isinstance(user, User):
            client.force_login(user)
        headers = {"Authorization": f"Bearer {tokens[visitor]}"} if visitor in tokens else {}
        return client.get(
            "/" + address(route, prod_event) + QUERIES.get(route, ""), headers=headers
        )

    return ask


def address(route: str, event: Event) -> str:
    """The route with the event of Prod in the place of ids."""
    path = "log/prod/tile/entries/000.p/1" if route == TILE else route
    path = path.replace("<slug:environment>", "prod")
    path = re.sub(r"<uuid:event_id>", str(event.id), path)
    path = re.sub(r"<uuid:\w+>", SOMEWHERE, path)
    path = re.sub(r"<path:object_id>", str(event.id), path)
    path = re.sub(r"<int:\w+>", "1", path)
    path = re.sub(r"<(?:str|slug|path):\w+>|<\w+>", "x", path)
    return path.replace("^(?P<app_label>audit|accounts|environments|auth)/$", "audit/")


def text_of(answer: Any) -> str:
    return str(answer.getvalue().decode(errors="replace"))


class TestScopeMatrix:
    def test_has_an_entry_for_every_route_and_no_other(self) -> None:
        known = {route for route in ROUTES if not route.startswith("admin/")}
        assert known == set(DOORS)

    @pytest.mark.parametrize("route", ROUTES)
    def test_shows_what_each_may_see(self, visit: Any, route: str) -> None:
        door = door_of(route)
        for visitor in VISITORS:
            if route in STREAMED and visitor == "admin":
                continue
            answer = visit(route, visitor)
            said = f"{route!r} as {visitor}: {answer.status_code}"
            assert answer.status_code < 500, said
            seen = text_of(answer).lower()
            if visitor not in ("admin", "admin by token"):
                assert MARK not in seen, said
            if door == "reader" and visitor == "nobody":
                assert answer.status_code == 401, said
            if door == "reader" and visitor == "sender":
                assert answer.status_code == 403, said
            if door == "sender":
                assert answer.status_code in (401, 403, 405), said
            is_shut = door == "page" and visitor not in ("staging by session", "admin")
            if is_shut or (door == "admin" and visitor != "admin"):
                assert answer.status_code in (302, 404, 405), said
                assert "/login/" in answer.get("Location", "/login/"), said

    @pytest.mark.parametrize(
        "path",
        ["events", "events/facets", "rejected", "rejected/counts", "actors", "workspaces"],
    )
    def test_shows_the_mark_to_whom_it_may(self, visit: Any, path: str) -> None:
        assert MARK in text_of(visit(f"api/v1/{path}", "admin by token"))

    def test_answers_alike_for_what_is_not_there_and_what_may_not_be_seen(self, visit: Any) -> None:
        hidden = visit("api/v1/events/<uuid:event_id>", "staging by token")
        missing = visit(f"api/v1/events/{NOTHING}", "staging by token")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content

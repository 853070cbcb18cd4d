"""Who gets what from which address? Every route of the project × everybody who may ask; a new route
needs a row here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ReadToken, User
from accounts.tokens import create_read_token
from audit.models import Event
from audit.seal.log_keys import make_key
from audit.seal.sealer import Sealer
from audit.worker.loop import do_round
from environments.keys import create_ingest_key
from environments.models import Environment
from tests.factories import EnvironmentFactory, GrantFactory, IngestKeyFactory, PersonFactory
from tests.routes import routes

# Stands in an event of Prod, and in one that was refused.
MARK = "only-prod-may-be-seen"
# The name of Prod's sender, which who operates it knows, too.
SENDER = "sender-of-prod"
NOTHING = "00000000-0000-0000-0000-000000000000"
SOMEWHERE = "11111111-1111-1111-1111-111111111111"
TILE = "log/^(?P<environment>[a-z0-9-]+)/(?P<resource>tile/.+)$"

# By session, but for the key and the tokens. token: of the auditor; expired: was an auditor of Prod
# until a minute ago; elsewhere: auditor of another workspace of Prod
VISITORS = (
    "nobody", "viewer of Staging", "auditor of Prod", "operator", "administrator",
    "ingest key of Dev", "read token", "expired", "revoked token", "elsewhere",
)  # fmt: skip
SEES_PROD = {"auditor of Prod", "administrator", "read token"}
# What each door answers, in that order; the event that is asked for is of Prod.
ANSWERS: dict[str, str] = {
    "page": "302 200 200 200 200 302 302 200 302 200",
    "page of the event": "302 404 200 404 200 302 302 404 302 404",
    "page of a thing": "302 404 404 404 404 302 302 404 302 404",
    "page of people": "302 404 404 404 200 302 302 404 302 404",
    "page of staff": "302 403 403 200 200 302 302 403 302 403",
    "file of a page": "302 400 400 400 400 302 302 400 302 400",
    "form": "405 405 405 405 405 405 405 405 405 405",
    "reader": "401 200 200 200 200 403 200 200 401 200",
    "event": "401 404 200 404 200 403 200 404 401 404",
    "log": "401 404 200 200 200 403 200 404 401 404",
    "export": "401 403 200 403 200 403 200 403 401 200",
    "refused": "401 403 200 403 200 403 200 403 401 200",
    "own export": "401 404 404 404 404 403 404 404 401 404",
    "people": "401 404 404 404 200 403 404 404 401 404",
    "sender": "405 405 405 405 405 405 405 405 405 405",
}
# public: for everybody alike; admin: see `TestAdmin`
DOORS: dict[str, str] = {
    "login/": "public",
    "logout/": "public",
    "access/": "page of people",
    "access/people/<int:user_id>/": "page of people",
    "access/environments/<slug:key>/": "page of people",
    "": "page",
    "events/": "page",
    "events/new/": "page",
    "events/pick/": "page",
    "events/picked/": "file of a page",
    "events/<uuid:event_id>/": "page of the event",
    "compare/": "page",
    "promotions/": "page",
    "promotions/app/": "page of a thing",
    "evidence/": "page",
    "evidence/alarms/<int:alarm_id>/clear/": "form",
    "exports/": "page",
    "exports/<uuid:export_id>/cancel/": "form",
    "first-key/": "form",
    "preferences/": "public",
    "setting/audit": "public",
    "setting/audit/<uuid:event_id>/detail": "public",
    "style/": "page of staff",
    "views/": "page",
    "views/<int:view_id>/delete/": "form",
    "api/docs/": "public",
    "api/docs": "public",
    "^api(/|$)": "public",
    "api/v1/": "public",
    "api/v1/openapi.json": "public",
    "api/v1/limits": "public",
    "api/v1/access": "people",
    "api/v1/events": "reader",
    "api/v1/events/export": "export",
    "api/v1/events/count": "reader",
    "api/v1/events/facets": "reader",
    "api/v1/events/histogram": "reader",
    "api/v1/events/<uuid:event_id>": "event",
    "api/v1/events/<uuid:event_id>/proof": "event",
    "api/v1/events/<uuid:event_id>/verification": "event",
    "api/v1/exports": "reader",
    "api/v1/exports/<uuid:export_id>": "own export",
    "api/v1/exports/<uuid:export_id>/file": "own export",
    "api/v1/lowcoder/events": "sender",
    "api/v1/actors": "reader",
    "api/v1/applications": "reader",
    "api/v1/resources": "reader",
    "api/v1/rejected": "reader",
    "api/v1/rejected/counts": "reader",
    "api/v1/rejected/download": "refused",
    "api/v1/workspaces": "reader",
    "api/v1/environments": "reader",
    "api/v1/event-types": "reader",
    "api/plugins/enterprise/audit-logs": "reader",
    "api/plugins/enterprise/audit-logs/statistics": "reader",
    "log/": "public",
    "log/<slug:environment>/checkpoint": "log",
    TILE: "log",
    "health/live": "public",
    "health/ready": "public",
}
# What a route needs to be told before it tells anything.
QUERIES = {
    "api/v1/access": "?environment=prod",
    "api/v1/events/facets": "?facet=actor&facet=workspace&facet=type&facet=resource",
    "api/v1/events/export": "?format=ndjson",
    "events/pick/": f"?facet=actor&q={MARK[:4]}",
}
# Streams whose cursor is named, and kept open by the one transaction of a test: told to one person.
STREAMED = ("api/v1/events/export",)
# Pages of the admin that have no secret: the way in and the way out.
ADMIN_PUBLIC = ("admin/login/", "admin/logout/")
OF_A_TABLE = re.compile(r"admin/(?:accounts|audit|auth|environments)/\w+/")
ROUTES = sorted(set(routes()))
Ask = Callable[[str, str], Any]


@pytest.fixture
def prod_event(db: None, settings: Any, tmp_path: Path) -> Event:
    """A sealed event of Prod that says nothing but its mark, and one that is refused."""
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    make_key(using="default", now=timezone.now())
    EnvironmentFactory()
    _, token = IngestKeyFactory(sender=SENDER)
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
        [event, {"type": "X", "wrong": 1, "details": {"a": MARK}}],
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200
    do_round(using="default")
    Sealer(using="default").seal(now=timezone.now())
    return Event.objects.get(workspace_id=MARK)


def _people() -> dict[str, User]:
    prod, staging = (Environment.objects.get(key=key) for key in ("prod", "staging"))
    roles: dict[str, dict[str, Any]] = {
        "viewer of Staging": {"role": "viewer", "environment": staging},
        "auditor of Prod": {"role": "auditor", "environment": prod},
        "operator": {"role": "operator"},
        "administrator": {"role": "administrator"},
        "expired": {
            "role": "auditor",
            "environment": prod,
            "expires_at": timezone.now() - timedelta(minutes=1),
        },
        "elsewhere": {"role": "auditor", "environment": prod, "workspace_id": "w-9"},
    }
    people = {}
    for name, grant in roles.items():
        people[name] = PersonFactory(is_staff=name in ("operator", "administrator"))
        GrantFactory(user=people[name], **grant)
    return people


@pytest.fixture
def visit(prod_event: Event) -> Ask:
    """Ask for a route as one of VISITORS."""
    for key in ("staging", "dev"):
        EnvironmentFactory(key=key)
    people, now = _people(), timezone.now()
    _, key = create_ingest_key(environment="dev", sender="crm", now=now)
    _, token = create_read_token(user=people["auditor of Prod"], now=now)
    row, revoked = create_read_token(user=people["auditor of Prod"], now=now)
    ReadToken.objects.filter(pk=row.pk).update(revoked_at=now)
    tokens = {"ingest key of Dev": key, "read token": token, "revoked token": revoked}

    def ask(route: str, visitor: str) -> Any:
        client = Client(raise_request_exception=False)
        if visitor in people:
            client.force_login(people[visitor])
        headers = {"Authorization": f"Bearer {tokens[visitor]}"} if visitor in tokens else {}
        path = address(route, prod_event, people["auditor of Prod"])
        return client.get("/" + path + QUERIES.get(route, ""), headers=headers)

    return ask


def address(route: str, event: Event, person: User) -> str:
    """The route with the event of Prod in the place of ids."""
    path = "log/prod/tile/entries/000.p/1" if route == TILE else route
    path = path.replace("<slug:environment>", "prod").replace("<slug:key>", "prod")
    path = path.replace("<int:user_id>", str(person.pk))
    path = re.sub(r"<uuid:event_id>", str(event.id), path)
    path = re.sub(r"<uuid:\w+>", SOMEWHERE, path)
    path = re.sub(r"<path:object_id>", str(event.id), path)
    path = re.sub(r"<int:\w+>", "1", path)
    path = re.sub(r"<(?:str|slug|path):\w+>|<\w+>", "x", path)
    return path.replace("^(?P<app_label>audit|accounts|environments|auth)/$", "audit/")


def text_of(answer: Any) -> str:
    return str(answer.getvalue().decode(errors="replace")).lower()


def is_admin(route: str) -> bool:
    return route.startswith("admin/") and route not in ADMIN_PUBLIC


class TestScopeMatrix:
    def test_has_a_row_for_every_route_and_no_other(self) -> None:
        known = {route for route in ROUTES if not route.startswith("admin/")}
        assert known == set(DOORS)
        assert {len(row.split()) for row in ANSWERS.values()} == {len(VISITORS)}

    @pytest.mark.parametrize("route", [r for r in ROUTES if DOORS.get(r, "public") != "public"])
    def test_answers_each_as_it_should(self, visit: Ask, route: str) -> None:
        expected = dict(zip(VISITORS, ANSWERS[DOORS[route]].split(), strict=True))
        if route in STREAMED:
            del expected["administrator"], expected["read token"], expected["elsewhere"]
        statuses = {}
        for visitor in expected:
            answer = visit(route, visitor)
            statuses[visitor] = str(answer.status_code)
            if answer.status_code == 302:
                assert "/login/" in answer["Location"]
            said = text_of(answer)
            assert visitor in SEES_PROD or MARK not in said, visitor
            assert visitor in {*SEES_PROD, "operator"} or SENDER not in said, visitor
        assert statuses == expected

    @pytest.mark.parametrize("route", [r for r in ROUTES if DOORS.get(r) == "public"])
    def test_tells_everybody_the_same_where_it_is_public(self, visit: Ask, route: str) -> None:
        answers = {visitor: visit(route, visitor) for visitor in VISITORS}
        by_reading = {200, 302, 401, 403} if route in ("login/", "health/ready") else set()
        statuses = {answer.status_code for answer in answers.values()}
        assert len(statuses) == 1 or statuses <= by_reading, statuses
        assert all(status < 500 for status in statuses)
        assert not [v for v, answer in answers.items() if MARK in text_of(answer)]

    @pytest.mark.parametrize(
        "path",
        ["events", "events/facets", "rejected", "actors", "workspaces"],
    )
    def test_shows_the_mark_to_whom_it_may(self, visit: Ask, path: str) -> None:
        for visitor in SEES_PROD:
            assert MARK in text_of(visit(f"api/v1/{path}", visitor))

    @pytest.mark.parametrize(
        ("hidden", "missing"),
        [
            (f"{before}<uuid:event_id>{after}", f"{before}{NOTHING}{after}")
            for before, after in (
                ("api/v1/events/", ""),
                ("api/v1/events/", "/proof"),
                ("api/v1/events/", "/verification"),
                ("events/", "/"),
            )
        ]
        + [
            ("log/<slug:environment>/checkpoint", "log/nowhere/checkpoint"),
            ("access/environments/<slug:key>/", "access/environments/nowhere/"),
            ("access/people/<int:user_id>/", "access/people/999999/"),
            ("api/v1/access?environment=prod", "api/v1/access?environment=nowhere"),
            ("api/v1/access?person=root", "api/v1/access?person=nobody"),
        ],
    )
    def test_answers_alike_for_what_is_not_there_and_what_may_not_be_seen(
        self, visit: Ask, hidden: str, missing: str
    ) -> None:
        PersonFactory(username="root", superuser=True)
        for visitor in ("viewer of Staging", "expired"):
            one, other = visit(hidden, visitor), visit(missing, visitor)
            assert one.status_code == other.status_code == 404
            assert shape_of(one) == shape_of(other)

    def test_tells_an_operator_what_was_refused_without_its_text(self, visit: Ask) -> None:
        said = text_of(visit("api/v1/rejected", "operator"))
        assert SENDER in said
        assert '"/wrong"' in said
        assert '"body":null' in said
        assert MARK in text_of(visit("api/v1/rejected", "auditor of Prod"))


def shape_of(answer: Any) -> str:
    """What is said, without what is masked anew each time, and the address itself."""
    said = re.sub(r'value="[\w-]{64}"', "", text_of(answer))
    return re.sub(r"/(?:events|access|log)/[\w/-]*", "", said)


@pytest.mark.parametrize("route", [route for route in ROUTES if is_admin(route)])
class TestAdmin:
    def test_opens_to_staff_what_their_roles_open(self, visit: Ask, route: str) -> None:
        opened = {
            "operator": ("admin/environments/", "admin/audit/rejected/"),
            "administrator": (
                "admin/environments/",
                "admin/audit/rejected/",
                "admin/accounts/",
                "admin/auth/",
            ),
        }
        for visitor in VISITORS:
            answer = visit(route, visitor)
            said = f"{route!r} as {visitor}: {answer.status_code}"
            assert answer.status_code < 500, said
            assert MARK not in text_of(answer) or visitor == "administrator", said
            if visitor not in opened:
                assert answer.status_code in (302, 404, 405), said
                assert "/login/" in answer.get("Location", "/login/"), said
            elif OF_A_TABLE.match(route) and not route.startswith(opened[visitor]):
                # Of what isn't there Django leads back to the first page, whoever asks.
                is_led_away = answer.get("Location", "") in (
                    "/admin/",
                    f"{answer.request['PATH_INFO']}change/",
                )
                assert answer.status_code in (403, 404, 405) or is_led_away, said

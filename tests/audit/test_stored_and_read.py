"""Whatever was stored, taken or refused, every way of reading it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.tokens import create_read_token
from audit.models import Rejected
from audit.worker.loop import do_round
from environments.keys import create_ingest_key
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

API = (
    "events",
    "events?order=recorded",
    "events/facets?facet=actor&from=-1d",
    "events/histogram?from=-1d",
    "events/export?format=csv",
    "events/export?format=json",
    "events/export?format=ndjson",
    "events/export?format=parquet",
    "rejected",
    "rejected/counts",
    "rejected/download",
    "actors",
    "applications",
    "resources",
    "workspaces",
    "event-types",
)
PAGES = (
    "/",
    "/events/",
    "/compare/",
    "/promotions/",
    "/admin/audit/event/",
    "/admin/audit/rejected/",
    "/api/plugins/enterprise/audit-logs",
)


def nested(levels: int, *, opening: str = "[", closing: str = "]", inner: str = "") -> str:
    return opening * levels + inner + closing * levels


def event(**members: str) -> str:
    """An event whose members' values are JSON."""
    given = {
        "type": '"ROW_UPDATE"',
        "actor": '{"id":"ann","name":"Ann"}',
        "resource": '{"type":"row","id":"7","name":"Seven"}',
        **members,
    }
    return "{" + ",".join(f'"{name}":{value}' for name, value in given.items()) + "}"


def details(value: str) -> str:
    return event(details='{"a":' + value + "}")


def change(old: str) -> str:
    return event(changes='[{"field":"f","new":1,"old":' + old + "}]")


TAKEN = {
    "as deep as may be": details(nested(498)),
    "objects as deep": event(details=nested(498, opening='{"a":', closing="}", inner="1")),
    "deep changes": change(nested(495)),
    "deep JSON inside a text": details(f'"{nested(50_000)}"'),
    "JSON of texts inside texts": details(json.dumps(json.dumps({"b": "{" * 9_999}))),
    "JSON in a change": change(f'"{nested(9_999)}"'),
    "long decimal": details("0." + "1" * 5_000),
    "decimal in a change": change("1e-400"),
    "long list": details("[0" + ",0" * 50_000 + "]"),
    "many members": event(details=json.dumps({f"m{n}": n for n in range(9_000)})),
    "odd names": event(details=r'{"":1,"__proto__":{},"a.b":2,"</script>":3,"{{x}}":4,"%s":5}'),
    "odd characters": details(r'"\u2028\ufffe\u202e\u0001\u001b[31m\ud83d\ude00"'),
    "no address": event(context=r'{"ip":"::%%</b>","user_agent":"' + "(" * 4_000 + '"}'),
}
REFUSED = {
    "far too deep": event(details=nested(1_500, opening='{"a":', closing="}", inner="1")),
    "brackets alone": nested(100_000),
    "unknown and deep": event(actr=nested(1_500)),
    "a long integer": details("9" * 5_000),
    "half a pair": event(details=r'{"n":"\ud800"}'),
    "half a pair as a name": event(**{r"\ud800": "1"}),
    "U+0000": event(details=r'{"n":"\u0000"}'),
    "beyond a double": event(details='{"n":1e999}'),
    "twice": event(details='{"n":1,"n":2}'),
    "over several lines": event(details='{\r\n "n":1,\n\t"m":2}', unknown="3"),
}
UNREADABLE = {
    "not JSON": b"{]",
    "not UTF-8": b'{"type":"\xff\xfe"}',
    "not closed": b'{"a":' * 1_500,
    "NaN": b'{"type":NaN}',
}


@pytest.fixture
def settings_of_depth(settings: LazySettings) -> None:
    """The deepest nesting that can be set."""
    settings.AUDIT = {**settings.AUDIT, "MAX_NESTING": 500}


@pytest.fixture
def key(settings_of_depth: None) -> str:
    EnvironmentFactory()
    _, token = create_ingest_key(environment="prod", sender="s", now=_now())
    return token


@pytest.fixture
def read(key: str) -> Callable[[], dict[str, bytes]]:
    """Ask every route and page for what is there, and fail where one doesn't answer well."""
    user = PersonFactory(superuser=True)
    _, token = create_read_token(user=user, now=_now())
    api, pages = Client(headers={"Authorization": f"Bearer {token}"}), Client()
    pages.force_login(user)

    def all_of_it() -> dict[str, bytes]:
        do_round(using="default")
        got = {path: _body(api.get(f"/api/v1/{path}")) for path in API}
        got |= {path: _body(pages.get(path)) for path in PAGES}
        for one in json.loads(got["events"])["results"]:
            for path in (
                f"/api/v1/events/{one['id']}",
                f"/events/{one['id']}/",
                f"/admin/audit/event/{one['id']}/change/",
            ):
                got[path] = _body(pages.get(path))
        for number in Rejected.objects.values_list("id", flat=True):
            path = f"/admin/audit/rejected/{number}/change/"
            got[path] = _body(pages.get(path))
        return got

    return all_of_it


def _body(answer: Any) -> bytes:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.content[:500])
    return answer.getvalue() if answer.streaming else answer.content


def _now() -> datetime:
    return timezone.now()


def post(key: str, body: str | bytes) -> Any:
    return Client().post(
        "/api/v1/events",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


class TestReading:
    @pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN.keys())
    def test_answers_for_what_is_taken(self, key: str, read: Any, body: str) -> None:
        assert post(key, body).status_code == 201
        assert len(json.loads(read()["events"])["results"]) == 1

    @pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
    def test_answers_for_what_is_refused(self, key: str, read: Any, body: str) -> None:
        assert post(key, body).status_code == 422
        lines = read()["rejected/download"].splitlines()
        assert len(lines) == 1

    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
    def test_answers_for_what_is_unreadable(self, key: str, read: Any, body: bytes) -> None:
        assert post(key, body).status_code == 400
        assert len(json.loads(read()["rejected"])["results"]) == 1

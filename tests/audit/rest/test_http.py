"""What HTTP asks of the API besides its answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.vocabulary.document import MEMBERS
from audit.worker.loop import do_round

EVENT = {"type": "X", "id": "a", "actor": {"id": "ann"}, "details": {"n": 1}}
ORIGIN = "https://tools.example.org"


@pytest.fixture
def path(post: Any) -> str:
    return f"events/{post(EVENT).json()['events'][0]['id']}"


class TestFields:
    def test_choose_members_of_one_event_and_of_many(self, path: str, get: Any) -> None:
        assert get(f"{path}?fields=submitted_id,type").json() == {"submitted_id": "a", "type": "X"}
        assert get("events?fields=type&fields=submitted_id,").json()["results"] == [
            {"type": "X", "submitted_id": "a"}
        ]

    def test_are_all_without_a_choice(self, path: str, get: Any) -> None:
        assert tuple(get(path).json()) == tuple(MEMBERS)

    @pytest.mark.parametrize("query", ["fields=typ", "fields=id,typ", "fields=id&fields=typ"])
    def test_that_are_unknown_are_named_with_the_nearest(
        self, path: str, get: Any, query: str
    ) -> None:
        for each in (path, "events", "events?order=recorded"):
            answer = get(f"{each}{'&' if '?' in each else '?'}{query}")
            assert answer.status_code == 400
            assert answer.json()["parameter"] == "fields"
            assert "did you mean 'type'?" in answer.json()["detail"]

    def test_other_parameters_of_one_event_are_refused(self, path: str, get: Any) -> None:
        assert get(f"{path}?feilds=id").json()["parameter"] == "feilds"


class TestEntityTag:
    def test_spares_what_the_reader_has(self, path: str, get: Any) -> None:
        tag = get(path)["ETag"]
        again = get(path, **{"If-None-Match": f'"other", {tag}'})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == tag
        assert again["Cache-Control"] == "private, no-store"
        assert get(path, **{"If-None-Match": '"other"'}).status_code == 200

    def test_changes_with_the_event_and_with_the_choice_of_members(
        self, path: str, get: Any
    ) -> None:
        tag = get(path)["ETag"]
        assert get(f"{path}?fields=id")["ETag"] != tag
        do_round(using="default")
        assert get(path)["ETag"] != tag
        assert get(path, **{"If-None-Match": tag}).status_code == 200


class TestMethods:
    @pytest.mark.parametrize(
        ("path", "allowed"),
        [("events", "GET, POST, HEAD, OPTIONS"), ("actors", "GET, HEAD, OPTIONS")],
    )
    def test_are_told_to_anybody(self, db: None, path: str, allowed: str) -> None:
        answer = Client().options(f"/api/v1/{path}")
        assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", allowed)

    def test_head_is_a_get_without_its_body(self, path: str, get: Any, read_token: str) -> None:
        headers = {"Authorization": f"Bearer {read_token}"}
        for each in (path, "events", "actors", "events/count"):
            answer = Client().head(f"/api/v1/{each}", headers=headers)
            assert answer.status_code == 200
            assert answer.content == b""
            assert answer["Content-Length"] == str(len(get(each).content))
        assert Client().head("/api/v1/events").status_code == 401

    def test_that_are_none_here_are_405(self, get: Any, read_token: str) -> None:
        headers = {"Authorization": f"Bearer {read_token}"}
        answer = Client().delete("/api/v1/actors", headers=headers)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


class TestNothing:
    @pytest.mark.parametrize(
        "path",
        [
            *("v1/", "v1/event", "v1/events/", "v1/events/1", "v1/events/null,null", "v1/ä", "v1"),
            *("", "v2/events", "x", "plugins/enterprise/audit-logs/", "plugins/", "docs/events"),
        ],
    )
    def test_is_told_as_a_problem(self, db: None, path: str) -> None:
        client = Client(enforce_csrf_checks=True)
        for answer in (client.get(f"/api/{path}"), client.delete(f"/api/{path}")):
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["type"] == "urn:audit:problem:not-found"

    def test_leads_to_the_reference_without_its_slash(self, db: None) -> None:
        answer = Client().get("/api/docs")
        assert (answer.status_code, answer["Location"]) == (302, "/api/docs/")


class TestOtherOrigins:
    def test_are_told_nothing(self, db: None) -> None:
        answer = Client().get("/api/v1/limits", headers={"Origin": ORIGIN})
        assert not [name for name in answer.headers if name.startswith("Access-Control")]

    def test_may_call_when_the_settings_name_them(self, db: None, settings: Any) -> None:
        settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
        answer = Client().get("/api/v1/limits", headers={"Origin": ORIGIN})
        assert answer["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in answer.headers
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        before = Client().options("/api/v1/events", headers=asked)
        assert "authorization" in before["Access-Control-Allow-Headers"]
        other = Client().get("/api/v1/limits", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in other.headers

    def test_never_reach_the_pages(self, db: None, settings: Any) -> None:
        settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
        answer = Client().get("/login/", headers={"Origin": ORIGIN})
        assert "Access-Control-Allow-Origin" not in answer.headers

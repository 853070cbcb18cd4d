"""What there is to choose from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from environments.models import Environment
from tests.audit.query.recorded import work


def event(number: int, **members: Any) -> dict[str, Any]:
    return {"type": "APPLICATION_UPDATE", "time": f"2026-03-05T09:{number:02d}:00Z", **members}


def actor(number: int, id: str, name: str | None = None, **members: Any) -> dict[str, Any]:
    return event(number, actor={"id": id, "name": name, **members})


@pytest.fixture
def bound_token(ingest_key: str) -> str:
    """Of a person who sees workspace w1 of Prod alone."""
    user = User.objects.create_user("bound")
    prod = Environment.objects.get(key="prod")
    Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="w1")
    _, token = create_read_token(user=user, now=timezone.now())
    return token


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row.get("id") or row.get("code") or row["key"] for row in answer.json()["results"]]


class TestActors:
    @pytest.fixture
    def people(self, post: Any) -> None:
        post(
            [
                actor(1, "u1", "Ann Smith", email="ann@example.com"),
                actor(2, "u2", "anton Öz", email="Zed@example.com"),
                actor(3, "u3", "Ben", email="annex@example.com"),
                actor(4, "ann-bot"),
                actor(5, "u5", "Élodie 100%_\\"),
                actor(6, "u6", "Zoe\u0308 O'Neil-Smithers"),
            ]
        )
        work()

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("", ["u6", "u5", "ann-bot", "u3", "u2", "u1"]),
            ("ann", ["ann-bot", "u3", "u1"]),
            ("ANN", ["u3", "u1"]),
            ("Ant", ["u2"]),
            ("zed@", ["u2"]),
            ("él", ["u5"]),
            ("ÉLODIE 100%25_%5C", ["u5"]),
            ("%25", []),
            ("_", []),
            ("Smith", ["u6", "u1"]),
            ("smith ann", ["u1"]),
            ("Ann  smi", ["u1"]),
            ("nn", []),
            ("ann öz", []),
            ("oz an", ["u2"]),
            ("elodie", ["u5"]),
            ("Zoë", ["u6"]),
            ("Zoe%CC%88", ["u6"]),
            ("zoe neil smithers", ["u6"]),
            ("O'Neil", ["u6"]),
        ],
    )
    def test_are_found_by_the_first_letters_of_name_email_or_id(
        self, people: None, get: Any, prefix: str, expected: list[str]
    ) -> None:
        assert ids(get(f"actors?prefix={prefix}")) == expected

    def test_have_their_last_name_and_the_time_when_they_were_last_seen(
        self, post: Any, get: Any
    ) -> None:
        post([actor(7, "u1", "New"), actor(3, "u1", "Old", email="old@example.com")])
        work()
        assert get("actors").json() == {
            "results": [
                {
                    "id": "u1",
                    "name": "New",
                    "email": "old@example.com",
                    "gid": None,
                    "resource_type": None,
                    "environments": ["prod"],
                    "last_seen": "2026-03-05T09:07:00.000000Z",
                }
            ],
            "complete": True,
        }

    def test_say_when_there_are_more(self, people: None, get: Any) -> None:
        answer = get("actors?limit=2").json()
        assert [row["id"] for row in answer["results"]] == ["u6", "u5"]
        assert answer["complete"] is False
        assert get("actors?limit=6").json()["complete"] is True

    def test_are_found_among_thousands_that_share_the_letters(self, post: Any, get: Any) -> None:
        post([actor(n % 60, f"u{n}", f"User {n}") for n in range(5_000)])
        post(event(59, actor={"id": "last", "name": "User last"}))
        post(event(0, actor={"id": "wordless", "name": "\U0001f680 #1"}))
        work()
        assert ids(get("actors?prefix=user&limit=1")) == ["last"]
        assert ids(get("actors?prefix=User 4711")) == ["u4711"]
        assert ids(get("actors?prefix=4711")) == ["u4711"]
        assert ids(get("actors?prefix=4711 user")) == ["u4711"]
        assert ids(get("actors?prefix=\U0001f680")) == ["wordless"]
        assert ids(get("actors?prefix=\U0001f680 %23")) == ["wordless"]
        assert len(ids(get("actors?prefix=user&limit=100"))) == 100

    def test_with_names_too_long_for_an_index_are_noted_all_the_same(
        self, post: Any, get: Any
    ) -> None:
        name = "".join(chr(0x4E00 + n * 37 % 20_000) for n in range(1_000))
        post(actor(1, name[:256], name, email=name))
        work()
        (row,) = get(f"actors?prefix={name[:5]}").json()["results"]
        assert row["name"] == name
        assert row["email"] is None

    def test_are_found_by_their_last_name_alone(self, post: Any, get: Any) -> None:
        for number, name in enumerate(("Ann Lee", "Ann Ray")):
            post(actor(number, "u1", name))
            work()
        assert ids(get("actors?prefix=ray")) == ["u1"]
        assert ids(get("actors?prefix=lee")) == []


class TestScope:
    @pytest.fixture
    def events(self, post: Any) -> None:
        post(
            [
                event(1, workspace={"id": "w1", "name": "One"}, actor={"id": "u1", "name": "A1"}),
                event(9, workspace={"id": "w2", "name": "Two"}, actor={"id": "u1", "name": "A2"}),
                event(9, workspace={"id": "w2"}, actor={"id": "u2", "email": "two@example.com"}),
                event(9, actor={"id": "u3"}),
                event(9, workspace={"id": "w2"}, type="SECRET_TYPE"),
                event(
                    9,
                    workspace={"id": "w2"},
                    resource={"type": "vault", "id": "r2"},
                    application={"id": "a2"},
                ),
                event(2, workspace={"id": "w1"}, resource={"type": "page", "id": "r1"}),
            ]
        )
        work()

    def test_a_workspace_is_all_that_its_holder_is_told(
        self, events: None, get: Any, bound_token: str
    ) -> None:
        headers = {"Authorization": f"Bearer {bound_token}"}
        (row,) = get("actors", **headers).json()["results"]
        assert (row["id"], row["name"]) == ("u1", "A1")
        assert row["last_seen"] == "2026-03-05T09:01:00.000000Z"
        assert ids(get("actors?prefix=A2", **headers)) == []
        assert ids(get("actors?prefix=two@", **headers)) == []
        assert ids(get("workspaces", **headers)) == ["w1"]
        assert ids(get("workspaces?prefix=Two", **headers)) == []
        assert ids(get("resources", **headers)) == ["r1"]
        assert ids(get("resources?resource_type=vault", **headers)) == []
        assert ids(get("applications", **headers)) == []
        assert "SECRET_TYPE" not in ids(get("event-types?limit=100", **headers))

    def test_who_sees_the_environment_is_told_all(self, events: None, get: Any) -> None:
        assert sorted(ids(get("actors"))) == ["u1", "u2", "u3"]
        assert sorted(ids(get("workspaces"))) == ["w1", "w2"]
        assert ids(get("resources")) == ["r2", "r1"]
        assert ids(get("resources?resource_type=page")) == ["r1"]
        assert ids(get("applications")) == ["a2"]
        assert "SECRET_TYPE" in ids(get("event-types"))

    @pytest.mark.parametrize(
        "path", ["actors", "applications", "resources", "workspaces", "environments"]
    )
    def test_who_sees_nothing_is_told_nothing(self, events: None, get: Any, path: str) -> None:
        _, token = create_read_token(user=User.objects.create_user("none"), now=timezone.now())
        assert ids(get(path, Authorization=f"Bearer {token}")) == []


class TestEventTypes:
    def test_are_found_by_a_word_of_code_or_label(self, post: Any, get: Any) -> None:
        post([event(1), event(2, type="invoice_paid")])
        work()
        assert ids(get("event-types?limit=2")) == ["invoice_paid", "APPLICATION_UPDATE"]
        assert ids(get("event-types?prefix=PAID")) == ["invoice_paid"]
        (seen, *never) = get("event-types?prefix=update").json()["results"]
        assert seen["code"] == "APPLICATION_UPDATE"
        assert seen["environments"] == ["prod"]
        assert seen["group"] == "applications"
        assert never[0]["last_seen"] is None

    @pytest.mark.parametrize("prefix", ["invoice.p", "PAID", "invoice paid", "Paid inv"])
    def test_are_found_by_a_word_whatever_parts_them(
        self, post: Any, get: Any, prefix: str
    ) -> None:
        post([event(1, type="invoice.paid")])
        work()
        assert ids(get("event-types?" + urlencode({"prefix": prefix}))) == ["invoice.paid"]

    def test_are_found_where_more_were_seen_since_than_are_looked_through(
        self, post: Any, get: Any
    ) -> None:
        post([event(0, type="OLD_ONE"), event(0, type="old.two")])
        for environment in ("dev", "staging"):
            flood = [SubmittedEvent(type=f"{environment}_{n}") for n in range(501)]
            ensure_environment(environment)
            origin = Origin(environment=environment, sender_id=None)
            record_events(flood, origin=origin, received_at=timezone.now())
        work()
        assert ids(get("event-types?prefix=old_one")) == ["OLD_ONE"]
        assert ids(get("event-types?prefix=OLD.T")) == ["old.two"]


class TestEnvironments:
    def test_tell_name_and_last_event(self, post: Any, get: Any) -> None:
        post(event(1))
        results = get("environments").json()["results"]
        assert results[0] == {
            "key": "prod",
            "name": "Prod",
            "colour": "#c2410c",
            "last_seen": "2026-03-05T09:01:00.000000Z",
        }
        assert ids(get("environments?prefix=PR")) == ["prod"]
        assert ids(get("environments?prefix=x")) == []


class TestParameters:
    @pytest.mark.parametrize(
        ("query", "parameter", "word"),
        [
            ("actors?prefx=a", "prefx", "prefix"),
            ("actors?limit=0", "limit", "100"),
            ("actors?limit=101", "limit", "100"),
            ("actors?environment=prd", "environment", "prod"),
            ("actors?prefix=%00", "prefix", "U+0000"),
            ("actors?resource_type=x", "resource_type", "Unknown parameter"),
            ("environments?limit=1", "limit", "Unknown parameter"),
        ],
    )
    def test_that_are_bad_are_named(self, get: Any, query: str, parameter: str, word: str) -> None:
        answer = get(query)
        assert answer.status_code == 400
        assert answer.json()["parameter"] == parameter
        assert word in answer.json()["detail"]

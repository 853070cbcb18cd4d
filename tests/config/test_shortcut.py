"""A submission whose head is known is answered as Django answers it, or by Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from audit.contracts import SYSTEM_ENVIRONMENT, SenderKey
from audit.models import Event
from config.shortcut import MAX_HEADS
from environments.keys import revoke_ingest_key
from environments.resolve import clear_cache
from tests.committed import committed, failing_commits

from .doors import EVENTS, LOWCODER_EVENTS, TIME, Door, envelope, event, headers_of

ORIGIN = "https://tools.example.org"
NDJSON = {"content-type": "application/x-ndjson"}


def heads(answer: Any) -> tuple[int, list[tuple[bytes, bytes]]]:
    """Status and headers; how long the body is differs with the number of the submission."""
    return answer[0]["status"], headers_of(answer)


class TestKnownHead:
    @pytest.mark.parametrize("is_alone", [True, False])
    @pytest.mark.parametrize(
        ("path", "headers", "body"),
        [
            pytest.param(EVENTS, {}, event, id="plain"),
            pytest.param(EVENTS, NDJSON, event, id="ndjson"),
            pytest.param(EVENTS, {"origin": ORIGIN}, event, id="another site's page"),
            pytest.param(EVENTS, {"accept_language": "de"}, event, id="German"),
            pytest.param(LOWCODER_EVENTS, {}, envelope, id="lowcoder"),
        ],
    )
    def test_is_answered_as_django_answers_it(
        self, door: Door, settings: Any, path: str, headers: Any, body: Any, is_alone: bool
    ) -> None:
        settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
        scope = door.scope(path, **headers)
        theirs = door.ask_django(scope, body("first one"))
        found = door.find(scope, body("other one"))
        ours: Any = (
            door.shortcut.answer(found) if is_alone else door.shortcut.answer_small([found])[0]
        )
        told, same = (msgspec.json.decode(one[1]["body"]) for one in (ours, theirs))
        assert told["events"][0]["status"] == "recorded"
        assert told.keys() == same.keys()
        assert heads(ours) == heads(theirs)
        stored, first = (Event.objects.get(id=one["events"][0]["id"]) for one in (told, same))
        for name in ("environment", "sender_id", "key_id", "type", "workspace_id"):
            assert getattr(stored, name) == getattr(first, name)

    def test_tells_of_duplicates_and_conflicts(self, door: Door) -> None:
        scope = door.scope()
        door.ask_django(scope, event("a"))
        other = msgspec.json.encode({"id": "a", "time": TIME, "type": "Y"})
        found = [door.find(scope, body) for body in (event("a"), other, event("b"))]
        answers: Any = door.shortcut.answer_small(found)
        assert [heads(answer)[0] for answer in answers] == [200, 409, 201]
        conflict = msgspec.json.decode(answers[1][1]["body"])["events"][0]
        assert [error["pointer"] for error in conflict["errors"]] == ["/id"]
        assert Event.objects.count() == 2

    def test_is_known_whatever_the_request_is_called(self, door: Door) -> None:
        door.ask_django(door.scope(x_request_id="1", content_length="9"), event("a"))
        assert door.shortcut.find(door.scope(x_request_id="2", content_length="8"), event("b"))

    @pytest.mark.parametrize(
        ("path", "headers"),
        [
            pytest.param(EVENTS, {"host": "example.org"}, id="another host"),
            pytest.param(EVENTS, {"authorization": "Bearer other"}, id="another token"),
            pytest.param(EVENTS, {"origin": ORIGIN}, id="another site's page"),
            pytest.param(EVENTS, NDJSON, id="another type"),
            pytest.param(EVENTS, {"idempotency_key": "1"}, id="named by its sender"),
            pytest.param(f"{EVENTS}?a=b", {}, id="a query"),
            pytest.param(LOWCODER_EVENTS, {}, id="another address"),
        ],
    )
    def test_is_no_other_head(self, door: Door, path: str, headers: Any) -> None:
        door.ask_django(door.scope(), event("a"))
        assert door.shortcut.find(door.scope(path, **headers), event("b")) is None

    @pytest.mark.parametrize(
        ("path", "headers", "body"),
        [
            pytest.param(EVENTS, {"idempotency_key": "1"}, event("a"), id="named by its sender"),
            pytest.param(EVENTS, {"cookie": "a=b"}, event("a"), id="with a cookie"),
            pytest.param(EVENTS, {"host": "elsewhere.example"}, event("a"), id="refused host"),
            pytest.param(EVENTS, {}, b"[", id="refused body"),
            pytest.param("/api/v1/events?a=b", {}, event("a"), id="with a query"),
        ],
    )
    def test_is_not_learnt_of_what_is_particular_or_refused(
        self, door: Door, path: str, headers: Any, body: bytes
    ) -> None:
        scope = door.scope(path, **headers)
        door.ask_django(scope, body)
        assert door.shortcut.find(scope, body) is None

    def test_is_forgotten_when_there_are_too_many(self, door: Door) -> None:
        scope = door.scope()
        answer = door.ask_django(scope, event("a"))
        for number in range(MAX_HEADS):
            door.shortcut.learn(door.scope(user_agent=f"u{number}"), answer)
        assert door.shortcut.find(scope, b"") is None
        assert door.shortcut.find(door.scope(user_agent="u0"), b"") is not None


class TestLeftToDjango:
    @pytest.mark.parametrize("is_alone", [True, False])
    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"[", id="not JSON"),
            pytest.param(b"[]", id="no event"),
            pytest.param(b'[{"type": "X"}, {"type": "X", "actr": 1}]', id="an unknown member"),
            pytest.param(b'[{"type": "X"}, {"type": ""}]', id="a rule broken"),
        ],
    )
    def test_is_what_is_not_plainly_recorded(self, door: Door, body: bytes, is_alone: bool) -> None:
        scope = door.scope()
        door.ask_django(scope, event("a"))
        found = door.find(scope, body)
        if is_alone:
            assert door.shortcut.answer(found) is None
        else:
            good = door.find(scope, event("b"))
            left, answered = door.shortcut.answer_small([found, good])
            assert left is None
            assert answered is not None
        assert Event.objects.count() == (1 if is_alone else 2)

    def test_is_a_key_that_was_revoked(self, door: Door) -> None:
        scope = door.scope()
        door.ask_django(scope, event("a"))
        revoke_ingest_key(_hint(), now=timezone.now())
        clear_cache()  # as seconds do
        found = door.find(scope, event("b"))
        assert door.shortcut.answer(found) is None
        assert door.shortcut.answer_small([found]) == [None]
        assert heads(door.ask_django(scope, event("b")))[0] == 401


def _hint() -> str:
    from environments.models import IngestKey

    return IngestKey.objects.get().hint


def anybody(token: str, *, ip_address: str | None) -> SenderKey:
    """`audit.contracts.KeyResolver` of a sender whose key needs no row."""
    return SenderKey(environment=SYSTEM_ENVIRONMENT, sender_id=1, sender="tests", key_id=1)


class TestWithRealTransactions:
    @pytest.fixture(autouse=True)
    def _committed(
        self, django_db_setup: None, django_db_blocker: Any, settings: Any
    ) -> Iterator[None]:
        settings.AUDIT = {**settings.AUDIT, "KEY_RESOLVER": "tests.config.test_shortcut.anybody"}
        with committed(django_db_blocker):
            yield

    def test_a_commit_that_fails_is_a_problem_that_asks_to_send_again(self) -> None:
        door = Door("any")
        scope = door.scope()
        door.ask_django(scope, event("a"))
        with failing_commits():
            found = [door.find(scope, event(name)) for name in "bc"]
            answers: Any = [*door.shortcut.answer_small(found), door.shortcut.answer(found[0])]
            theirs = door.ask_django(scope, event("b"))
        for answer in answers:
            assert heads(answer) == heads(theirs)
            assert answer[1]["body"] == theirs[1]["body"]
        assert heads(theirs)[0] == 503

    def test_a_connection_that_is_lost_is_left_to_django_and_made_anew(self) -> None:
        door = Door("any")
        scope = door.scope()
        door.ask_django(scope, event("a"))
        door.shortcut.answer_small([door.find(scope, event("b"))])
        assert connection.connection is not None
        pid = connection.connection.info.backend_pid
        with psycopg.connect(**_parameters(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        found = [door.find(scope, event("c"))]
        assert door.shortcut.answer_small(found) == [None]
        (answer,) = door.shortcut.answer_small(found)
        assert answer is not None
        assert heads(answer)[0] == 201


def _parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    names = ("dbname", "host", "port", "user", "password")
    return {name: parameters[name] for name in names if name in parameters}

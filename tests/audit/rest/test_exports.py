"""Exports over HTTP."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.test import Client

from accounts.models import User
from audit.export import making
from audit.vocabulary import sentence
from audit.worker.exports import make_exports
from tests.audit.documents import document_of

MANY = 700


@pytest.fixture
def many_events(post: Any) -> None:
    assert post([{"type": f"T{n % 2}", "id": str(n)} for n in range(MANY)]).status_code == 201


def all_but_evidence(user: Any, ability: str, environment: str) -> bool:
    return ability != "evidence"


def audit_events(get: Any) -> list[dict[str, Any]]:
    return get("events?environment=audit-system").json()["results"]


def hang_up(answer: Any) -> None:
    """Close an answer as a server does when its reader has gone, but not the test's connection."""
    with patch.object(request_finished, "send"):
        answer.close()


@pytest.mark.usefixtures("many_events")
class TestExport:
    @pytest.mark.parametrize(
        ("name", "media_type"),
        [
            ("csv", "text/csv; charset=utf-8"),
            ("json", "application/json"),
            ("ndjson", "application/x-ndjson"),
            ("parquet", "application/vnd.apache.parquet"),
            ("raw.ndjson", "application/x-ndjson"),
        ],
    )
    def test_comes_as_a_file(self, get: Any, name: str, media_type: str) -> None:
        format_ = name.partition(".")[0]
        answer = get(f"events/export?format={format_}", Accept="text/html")
        assert answer.status_code == 200
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"].startswith('attachment; filename="events-2')
        assert answer["Content-Disposition"].endswith(f'.{name}"')
        assert answer["Cache-Control"] == "private, no-store"
        assert len(answer.getvalue()) > MANY

    def test_is_what_the_filters_say(self, get: Any) -> None:
        lines = get("events/export?format=ndjson&type=T1").getvalue().splitlines()
        assert {json.loads(line)["type"] for line in lines} == {"T1"}
        assert len(lines) == MANY // 2

    @pytest.mark.parametrize("parameters", ["format=csv", "format=json&end=line&type=T1"])
    def test_is_told_of_by_its_id(self, get: Any, parameters: str) -> None:
        answer = get(f"events/export?{parameters}")
        running = get(f"exports/{answer['Export-Id']}").json()
        assert (running["state"], running["sha256"]) == ("running", None)
        body = answer.getvalue()
        told = get(f"exports/{answer['Export-Id']}").json()
        assert told["sha256"] == sha256(body).hexdigest()
        assert (told["state"], told["bytes"], told["file"]) == ("done", len(body), None)
        assert told["rows"] == (MANY // 2 if "T1" in parameters else MANY)
        assert (told["is_streamed"], told["has_end_line"]) == (True, "end=line" in parameters)
        assert told["query"] == ("type=T1" if "T1" in parameters else "")
        assert get("exports").json()["results"] == [told]

    def test_says_that_it_was_interrupted(self, get: Any) -> None:
        answer = get("events/export?format=ndjson")
        assert next(iter(answer.streaming_content))
        hang_up(answer)
        told = get(f"exports/{answer['Export-Id']}").json()
        assert (told["state"], told["sha256"]) == ("interrupted", None)

    def test_ends_with_a_line_by_choice(self, get: Any) -> None:
        *lines, last = get("events/export?format=ndjson&end=line").getvalue().splitlines()
        assert json.loads(last)["export"]["rows"] == len(lines) == MANY
        assert get("events/export?format=csv&end=none").getvalue().count(b"\r\n") == MANY + 1

    @pytest.mark.parametrize("may", [True, False])
    def test_has_salts_for_who_may_have_evidence(self, get: Any, settings: Any, may: bool) -> None:
        if not may:
            settings.AUDIT = {**settings.AUDIT, "MAY": f"{__name__}.all_but_evidence"}
        answer = get("events/export?format=raw&type=T1")
        lines = [json.loads(line) for line in answer.getvalue().splitlines()]
        assert len(lines) == MANY // 2
        assert {line["head"]["type"] for line in lines} == {"T1"}
        assert all(("salts" in line) is may for line in lines)
        told = get(f"exports/{answer['Export-Id']}").json()
        assert told["evidence_of"] == (["prod"] if may else [])
        (event,) = audit_events(get)
        assert event["details"].get("evidence_of") == (["prod"] if may else None)

    def test_begins_with_a_byte_order_mark_by_choice(self, get: Any) -> None:
        assert get("events/export?format=csv&bom=yes").getvalue()[:9] == b'\xef\xbb\xbf"time"'

    def test_is_an_event_of_the_logs_own(self, get: Any) -> None:
        get("events/export?format=csv&type=T1&from=-3d").getvalue()
        (event,) = audit_events(get)
        assert sentence(document_of(event)) == "admin exported events as csv"
        assert event["type"] == "AUDIT_EXPORT"
        assert event["details"]["environments"] == ["prod"]
        assert event["details"]["filters"] == {"include": {"type": ["T1"]}}
        assert event["details"]["from"].endswith("Z")

    def test_ends_with_its_reader(self, get: Any) -> None:
        answer = get("events/export?format=ndjson")
        assert next(iter(answer.streaming_content))
        hang_up(answer)
        # The event says so, though nobody read to the end; and the connection is good again.
        assert len(audit_events(get)) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("parameters", "parameter", "word"),
        [
            pytest.param("", "format", "csv, json", id="no format"),
            pytest.param("format=cvs", "format", "'csv'", id="a typo"),
            pytest.param("format=csv&end=lines", "end", "'line'", id="another end"),
            pytest.param("format=csv&bom=maybe", "bom", "no, yes", id="perhaps a mark"),
            pytest.param("format=json&bom=yes", "bom", "csv alone", id="a mark in JSON"),
            pytest.param("format=csv&page_size=3", "page_size", "page_size", id="a page"),
            pytest.param("format=csv&tipe=X", "tipe", "'type'", id="an unknown filter"),
        ],
    )
    def test_name_the_parameter(self, get: Any, parameters: str, parameter: str, word: str) -> None:
        answer = get(f"events/export?{parameters}")
        assert answer.status_code == 400
        assert answer.json()["parameter"] == parameter
        assert word in answer.json()["detail"]
        assert audit_events(get) == []

    def test_keep_out_whom_we_dont_know(self, db: None) -> None:
        assert Client().get("/api/v1/events/export?format=csv").status_code == 401


@pytest.mark.usefixtures("many_events")
class TestExports:
    @pytest.fixture(autouse=True)
    def directory(self, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.AUDIT = {**settings.AUDIT, "EXPORT_DIRECTORY": str(tmp_path)}
        monkeypatch.setattr(making, "reading", lambda using: nullcontext(connection.connection))

    def call(self, method: str, path: str, read_token: str, **headers: str) -> Any:
        given = {"Authorization": f"Bearer {read_token}", **headers}
        return Client().generic(method, path, headers=given)

    def test_are_asked_for_watched_and_fetched(self, get: Any, read_token: str) -> None:
        asked = self.call("POST", "/api/v1/exports?format=csv&type=T1", read_token)
        assert asked.status_code == 201
        told = asked.json()
        assert asked["Location"] == told["url"]
        assert asked["Export-Id"] == told["id"]
        assert (told["state"], told["query"], told["file"]) == ("waiting", "type=T1", None)
        assert told["expected_rows"] == MANY // 2
        assert self.call("GET", f"{told['url']}/file", read_token).status_code == 409
        make_exports(using="default", is_stopping=lambda: False)
        (told,) = get("exports").json()["results"]
        assert told == get(f"exports/{told['id']}").json()
        assert (told["state"], told["rows"]) == ("done", MANY // 2)
        answer = self.call("GET", told["file"], read_token, Accept="text/csv")
        body = answer.getvalue()
        assert answer["Export-Id"] == told["id"]
        assert answer["Content-Length"] == str(len(body)) == str(told["bytes"])
        assert sha256(body).hexdigest() == told["sha256"]
        assert answer["Repr-Digest"] == f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"
        assert {e["type"] for e in audit_events(get)} == {"AUDIT_EXPORT", "AUDIT_EXPORT_DOWNLOAD"}

    def test_are_cancelled_then_deleted(self, get: Any, read_token: str) -> None:
        told = self.call("POST", "/api/v1/exports?format=csv", read_token).json()
        assert self.call("DELETE", told["url"], read_token).status_code == 204
        assert get(f"exports/{told['id']}").json()["state"] == "cancelled"
        assert self.call("DELETE", told["url"], read_token).status_code == 204
        assert self.call("DELETE", told["url"], read_token).status_code == 404
        assert self.call("GET", told["url"], read_token).status_code == 404

    def test_are_refused_for_a_filter_that_is_none(self, read_token: str, get: Any) -> None:
        answer = self.call("POST", "/api/v1/exports?format=csv&tipe=X", read_token)
        assert answer.json()["parameter"] == "tipe"
        headers = {"Authorization": f"Bearer {read_token}"}
        path = "/api/v1/exports?format=csv"
        answer = Client().post(path, {"type": "X"}, headers=headers)
        assert (answer.status_code, answer.json()["parameter"]) == (400, "type")
        answer = Client().post(path, "{}", content_type="application/json", headers=headers)
        assert answer.status_code == 415
        assert get("exports").json() == {"results": []}

    def test_are_made_for_a_session_with_its_csrf_token_alone(self, read_token: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(User.objects.get(username="admin"))
        assert client.post("/api/v1/exports?format=csv").status_code == 403
        client.get("/events/")
        token = client.cookies["sightline_csrf"].value
        answer = client.post("/api/v1/exports?format=csv", headers={"X-CSRFToken": token})
        assert answer.status_code == 201

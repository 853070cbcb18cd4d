"""Lowcoder's envelopes over HTTP: recorded as events are, and read in words."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from audit.vocabulary import sentence
from tests.audit.documents import document_of
from tests.audit.ingest.lowcoder.envelopes import SAMPLES, Sample

LOGIN = {"eventType": "USER_LOGIN", "orgId": "w1", "userId": "u1", "details": {}}
SAFE = LOGIN | {"eventId": "e1", "eventTime": "2026-03-05T09:00:00Z"}


class TestEachType:
    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.code)
    def test_is_recorded_and_said_in_words(self, emit: Any, get: Any, sample: Sample) -> None:
        answer = emit(sample.envelope)
        assert answer.status_code == 201
        event = get(f"events/{answer.json()['events'][0]['id']}").json()
        assert sentence(document_of(event)) == sample.sentence
        assert event["environment"] == "prod"
        assert event["workspace"] == {"id": "w1"}
        assert event["application"] == sample.application
        assert event["resource"] == sample.resource
        assert event["targets"] == sample.targets
        assert event["changes"] == sample.changes
        assert event["client"]["agent_name"] == "Chrome"
        assert event["details"].pop("environmentId") == "e-17"
        assert event["details"].pop("headers") == {
            "x-forwarded-for": "203.0.113.9, 10.0.0.1",
            "accept": "*/*",
        }
        assert event["details"] == sample.details


class TestVerdicts:
    def test_are_those_of_native_events(self, emit: Any) -> None:
        assert emit([LOGIN, SAFE]).json()["recorded"] == 2
        assert (
            emit("\n".join(map(json.dumps, [LOGIN, SAFE])), "application/x-ndjson").json()[
                "duplicates"
            ]
            == 1
        )
        packed = gzip.compress(json.dumps(SAFE).encode())
        assert emit(packed, **{"Content-Encoding": "gzip"}).status_code == 200
        refused = emit(SAFE | {"userId": "u2"})
        assert refused.status_code == 409
        assert [e["pointer"] for e in refused.json()["events"][0]["errors"]] == ["/eventId"]

    def test_answer_a_repeated_request_as_before(self, emit: Any) -> None:
        key = {"Idempotency-Key": "k1"}
        first = emit([LOGIN, LOGIN], **key)
        assert first.status_code == 201
        again = emit([LOGIN, LOGIN], **key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert emit([LOGIN], **key).status_code == 422

    @pytest.mark.parametrize(
        ("members", "pointer"),
        [
            pytest.param({"eventType": None}, "/eventType", id="no type"),
            pytest.param({"eventType": "AUDIT_X"}, "/eventType", id="a type of ours"),
            pytest.param({"eventId": "x" * 129}, "/eventId", id="long id"),
            pytest.param({"eventTime": "yesterday"}, "/eventTime", id="no time"),
            pytest.param({"eventTime": "1999-01-01T00:00:00Z"}, "/eventTime", id="too early"),
        ],
    )
    def test_point_at_the_envelopes_members(self, emit: Any, members: Any, pointer: str) -> None:
        answer = emit(SAFE | members)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["events"][0]["errors"]] == [pointer]

    def test_never_lose_an_event_for_a_long_name(self, emit: Any, get: Any) -> None:
        details = {"id": "f" * 300, "name": "n" * 5_000}
        answer = emit({"eventType": "FOLDER_DELETE", "orgId": "o" * 300, "details": details})
        assert answer.status_code == 201
        event = get(f"events/{answer.json()['events'][0]['id']}").json()
        assert event["details"] == details | {"lowcoder": {"orgId": "o" * 300}}

    def test_need_a_key(self, emit: Any, read_token: str) -> None:
        assert emit(LOGIN, Authorization="").status_code == 401
        assert emit(LOGIN, Authorization=f"Bearer {read_token}").status_code == 403
        assert Client().get("/api/v1/lowcoder/events").status_code in (401, 405)


class TestSecrets:
    def test_are_masked_wherever_an_envelope_has_them(self, emit: Any, get: Any) -> None:
        details = {
            "httpMethod": "GET",
            "requestUri": "/api/apps?access_token=planted-1&page=2",
            "queryParams": {"access_token": ["planted-2"], "page": ["2"]},
            "headers": {"Authorization": "Bearer planted-3", "User-Agent": "curl/8.5.0"},
            "oldPassword": "planted-4",
            "password": "planted-5",
            "oldName": "a",
            "name": "b",
        }
        answer = emit({"eventType": "API_CALL_EVENT", "details": details, "apiKey": "planted-6"})
        assert answer.status_code == 201
        event = get(f"events/{answer.json()['events'][0]['id']}").json()
        assert "planted" not in json.dumps(event)
        assert {"field": "name", "old": "a", "new": "b"} in event["changes"]
        assert event["details"]["queryParams"]["page"] == ["2"]
        assert event["client"]["agent_name"] == "curl"

"""What a sender is told."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import zstandard
from django.test import Client
from django.utils import timezone

from audit.contracts import SenderKey
from environments.keys import revoke_ingest_key
from tests.factories import IngestKeyFactory

EVENT = {"id": "1", "time": "2026-03-05T09:00:00Z", "type": "APPLICATION_UPDATE"}
BAD = {"type": "X", "actr": {}}


def nowhere(token: str, *, ip_address: str | None) -> SenderKey:
    return SenderKey(environment="nowhere", sender_id=1, sender="billing", key_id=1)


class TestVerdicts:
    def test_201_when_all_is_recorded(self, post: Any) -> None:
        answer = post([EVENT, {"type": "X"}])
        assert answer.status_code == 201
        told = answer.json()
        assert (told["recorded"], told["duplicates"], told["rejected"]) == (2, 0, 0)
        assert told["submission"] is not None
        assert [e["status"] for e in told["events"]] == ["recorded", "recorded"]
        assert all(len(e["leaf"]) == 64 and e["errors"] == [] for e in told["events"])
        assert {e["state"] for e in told["events"]} == {"recorded"}

    def test_200_when_all_was_there(self, post: Any) -> None:
        first = post(EVENT).json()
        answer = post(EVENT)
        assert answer.status_code == 200
        assert answer.json()["submission"] is None
        (told,) = answer.json()["events"]
        assert (told["leaf"], told["state"]) == (first["events"][0]["leaf"], None)

    def test_200_when_some_is_in_and_some_is_not(self, post: Any) -> None:
        assert post([EVENT, BAD]).status_code == 200

    def test_409_for_conflicts_alone(self, post: Any) -> None:
        post(EVENT)
        answer = post({**EVENT, "outcome": "denied"})
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:audit:problem:conflict"
        assert (answer.json()["conflicts"], answer.json()["status"]) == (1, 409)
        (told,) = answer.json()["events"]
        assert told["status"] == "conflict"
        assert [error["pointer"] for error in told["errors"]] == ["/id"]

    @pytest.mark.parametrize("events", [EVENT, BAD], ids=["good", "bad"])
    def test_403_for_a_key_of_an_environment_that_was_never_made_known(
        self, post: Any, settings: Any, events: Any
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "KEY_RESOLVER": f"{__name__}.nowhere"}
        answer = post(events)
        assert answer.status_code == 403
        told = answer.json()
        assert told["type"] == "urn:audit:problem:unknown-environment"
        assert "ensure_environment('nowhere')" in told["detail"]
        assert "Retry-After" not in answer

    def test_422_when_nothing_is_in_and_something_is_rejected(self, post: Any) -> None:
        answer = post(BAD)
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:audit:problem:rejected"
        assert "1 rejected" in answer.json()["detail"]
        (told,) = answer.json()["events"]
        assert told == {
            "index": 0,
            "id": None,
            "status": "rejected",
            "leaf": None,
            "state": None,
            "errors": [
                {
                    "pointer": "/actr",
                    "message": "unknown field; did you mean 'actor'?",
                }
            ],
        }

    def test_takes_ndjson_and_the_envelope(self, post: Any) -> None:
        lines = "\n".join(json.dumps({"type": "X", "id": str(n)}) for n in range(3))
        assert post(lines, "application/x-ndjson").json()["recorded"] == 3
        assert post({"events": [{"type": "Y"}]}).json()["recorded"] == 1

    @pytest.mark.parametrize("encoding", ["gzip", "zstd"])
    def test_takes_compressed_bodies(self, post: Any, encoding: str) -> None:
        raw = json.dumps(EVENT).encode()
        packed = (
            gzip.compress(raw) if encoding == "gzip" else zstandard.ZstdCompressor().compress(raw)
        )
        assert post(packed, **{"Content-Encoding": encoding}).status_code == 201


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "content_type", "headers", "status", "problem"),
        [
            pytest.param("[", "application/json", {}, 400, "not-readable", id="no JSON"),
            pytest.param("x\ny", "application/x-ndjson", {}, 400, "not-readable", id="no NDJSON"),
            pytest.param(
                b"x",
                "application/json",
                {"Content-Encoding": "gzip"},
                400,
                "bad-compression",
                id="no gzip",
            ),
            pytest.param(
                "{}", "text/plain", {}, 415, "unsupported-media-type", id="another media type"
            ),
            pytest.param(
                "{}",
                "application/json",
                {"Content-Encoding": "br"},
                415,
                "unsupported-media-type",
                id="another encoding",
            ),
            pytest.param(
                "{}",
                "application/json",
                {"Accept": "text/html"},
                406,
                "not-acceptable",
                id="another answer",
            ),
        ],
    )
    def test_is_a_problem_document(
        self,
        post: Any,
        body: Any,
        content_type: str,
        headers: dict[str, str],
        status: int,
        problem: str,
    ) -> None:
        answer = post(body, content_type, **headers)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == f"urn:audit:problem:{problem}"

    @pytest.mark.parametrize(
        "header", ["", "Basic abc", "Bearer", "Bearer x", "Bearer sli_" + "0" * 38]
    )
    def test_401_without_a_key_that_is_known(self, post: Any, header: str) -> None:
        answer = post(EVENT, Authorization=header)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_401_for_a_key_in_the_address(self, ingest_key: str) -> None:
        path = f"/api/v1/events?access_token={ingest_key}"
        answer = Client().post(path, EVENT, content_type="application/json")
        assert answer.status_code == 401

    def test_401_for_a_revoked_key(self, ingest_key: str) -> None:
        key, token = IngestKeyFactory(sender="crm")
        revoke_ingest_key(str(key.pk), now=timezone.now())
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().post(
            "/api/v1/events", EVENT, content_type="application/json", headers=headers
        )
        assert answer.status_code == 401

    def test_takes_the_scheme_in_any_case(self, post: Any, ingest_key: str) -> None:
        assert post(EVENT, Authorization=f"bEARER {ingest_key}").status_code == 201

    def test_403_for_the_right_token_at_the_wrong_door(
        self, post: Any, get: Any, read_token: str, ingest_key: str
    ) -> None:
        assert post(EVENT, Authorization=f"Bearer {read_token}").status_code == 403
        assert get("events", Authorization=f"Bearer {ingest_key}").status_code == 403

    def test_405_for_another_method(self, read_token: str) -> None:
        headers = {"Authorization": f"Bearer {read_token}"}
        assert Client().delete("/api/v1/events", headers=headers).status_code == 405

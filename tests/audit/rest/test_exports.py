"""Exports over HTTP."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.core.signals import request_finished
from django.test import Client

from audit.rest import streams
from audit.vocabulary import sentence

MANY = 700


@pytest.fixture
def many_events(post: Any) -> None:
    assert post([{"type": f"T{n % 2}", "id": str(n)} for n in range(MANY)]).status_code == 201


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
        ],
    )
    def test_comes_as_a_file(self, get: Any, name: str, media_type: str) -> None:
        answer = get(f"events/export?format={name}", Accept="text/html")
        assert answer.status_code == 200
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"].startswith('attachment; filename="events-2')
        assert answer["Content-Disposition"].endswith(f'.{name}"')
        assert answer["Cache-Control"] == "private, no-store"
        assert len(answer.getvalue()) > MANY

    def test_is_what_the_filters_say(self, get: Any) -> None:
        *lines, last = get("events/export?format=ndjson&type=T1").getvalue().splitlines()
        assert {json.loads(line)["type"] for line in lines} == {"T1"}
        assert json.loads(last)["export"]["rows"] == len(lines) == MANY // 2

    def test_is_an_event_of_the_logs_own(self, get: Any) -> None:
        get("events/export?format=csv&type=T1&from=-3d").getvalue()
        (event,) = audit_events(get)
        assert sentence(event) == "admin exported events as csv"
        assert event["type"] == "AUDIT_EXPORT"
        assert event["details"]["environments"] == ["prod"]
        assert event["details"]["filters"] == {"include": {"type": ["T1"]}, "exclude": {}}
        assert event["details"]["from"].endswith("Z")

    def test_ends_with_its_reader(self, get: Any) -> None:
        answer = get("events/export?format=ndjson")
        assert next(iter(answer.streaming_content))
        hang_up(answer)
        # The event says so, though nobody read to the end; and the connection is good again.
        assert len(audit_events(get)) == 1

    def test_takes_few_at_once(self, get: Any) -> None:
        running = [streams.Stream(lambda: iter([b"x"])) for _ in range(streams.MAX_STREAMS)]
        refused = get("events/export?format=csv")
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= streams.RETRY_SECONDS
        assert audit_events(get) == []
        for stream in running:
            stream.close()
            stream.close()
        assert get("events/export?format=csv").getvalue()


class TestRefusals:
    @pytest.mark.parametrize(
        ("parameters", "parameter", "word"),
        [
            pytest.param("", "format", "csv, json", id="no format"),
            pytest.param("format=cvs", "format", "'csv'", id="a typo"),
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

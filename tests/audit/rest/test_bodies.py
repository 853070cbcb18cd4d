"""Bodies in chunks, as servers without our front hand them on."""

from __future__ import annotations

import io
import json
from typing import Any

from django.conf import LazySettings
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from audit.rest.events import EventsView

EVENT = b'{"type":"APPLICATION_UPDATE"}'
ADDRESS = "/api/v1/events"


def send(key: str, body: bytes, content_type: str = "application/json", **environ: Any) -> Any:
    """POST as a WSGI server does that was sent chunks: it tells no length."""
    return Client().generic(
        "POST",
        ADDRESS,
        b"",
        headers={"Authorization": f"Bearer {key}", "Transfer-Encoding": "chunked"},
        **{
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": "",
            "wsgi.input": io.BytesIO(body),
            **environ,
        },
    )


class TestWSGI:
    def test_takes_chunks_from_a_server_that_says_where_they_end(self, ingest_key: str) -> None:
        answer = send(ingest_key, EVENT, **{"wsgi.input_terminated": True})
        assert answer.status_code == 201
        assert answer.json()["recorded"] == 1

    def test_asks_for_the_length_where_a_server_does_not(self, ingest_key: str) -> None:
        answer = send(ingest_key, EVENT)
        assert answer.status_code == 411
        assert answer.json()["type"] == "urn:audit:problem:length-required"
        assert "Content-Length" in answer.json()["detail"]

    def test_takes_no_more_than_the_limit(self, ingest_key: str, settings: LazySettings) -> None:
        settings.AUDIT = {**settings.AUDIT, "MAX_BODY_BYTES": len(EVENT) - 1}
        assert send(ingest_key, EVENT, **{"wsgi.input_terminated": True}).status_code == 413

    def test_takes_no_other_kind_of_body(self, ingest_key: str) -> None:
        answer = send(ingest_key, EVENT, "text/csv", **{"wsgi.input_terminated": True})
        assert answer.status_code == 415


class TestASGI:
    def test_takes_chunks_that_django_has_put_together(self, ingest_key: str) -> None:
        headers = {
            b"authorization": f"Bearer {ingest_key}".encode(),
            b"content-type": b"application/json",
            b"transfer-encoding": b"chunked",
        }
        scope = {"type": "http", "method": "POST", "path": ADDRESS, "query_string": b""}
        request = ASGIRequest(scope | {"headers": list(headers.items())}, io.BytesIO(EVENT))
        answer = EventsView.as_view()(request)
        assert answer.status_code == 201
        assert json.loads(answer.content)["recorded"] == 1

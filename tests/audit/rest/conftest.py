"""A sender, a reader, and a client that speaks for either."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tokens import create_read_token
from tests.factories import EnvironmentFactory, IngestKeyFactory, PersonFactory

from .conformance import check_conformance


@pytest.fixture
def ingest_key(db: None) -> str:
    EnvironmentFactory()
    _, token = IngestKeyFactory()
    return token


@pytest.fixture
def read_token(ingest_key: str) -> str:
    user = PersonFactory(username="admin", superuser=True)
    _, token = create_read_token(user=user, now=timezone.now())
    return token


@pytest.fixture
def post(ingest_key: str) -> Callable[..., Any]:
    def send(body: Any, content_type: str = "application/json", **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        given = {"Authorization": f"Bearer {ingest_key}", **headers}
        return Client().post("/api/v1/events", raw, content_type=content_type, headers=given)

    return send


@pytest.fixture
def get(read_token: str) -> Callable[..., Any]:
    def ask(path: str, **headers: str) -> Any:
        given = {"Authorization": f"Bearer {read_token}", **headers}
        return Client().get(f"/api/v1/{path}", headers=given)

    return ask


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer of every test here has to be as the OpenAPI document says."""
    plain = Client.request

    def request(self: Client, **request: Any) -> Any:
        answer = plain(self, **request)
        check_conformance(request["REQUEST_METHOD"], request["PATH_INFO"], answer)
        return answer

    monkeypatch.setattr(Client, "request", request)

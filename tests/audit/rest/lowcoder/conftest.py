"""A Lowcoder server that sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def emit(ingest_key: str) -> Callable[..., Any]:
    def send(body: Any, content_type: str = "application/json", **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        given = {"Authorization": f"Bearer {ingest_key}", **headers}
        path = "/api/v1/lowcoder/events"
        return Client().post(path, raw, content_type=content_type, headers=given)

    return send


@pytest.fixture
def ask(read_token: str) -> Callable[..., Any]:
    """A Lowcoder client that reads."""

    def get(path: str = "", **params: Any) -> Any:
        headers = {"Authorization": f"Bearer {read_token}"}
        path = f"/api/plugins/enterprise/audit-logs{path}"
        return Client().get(path, params, headers=headers)

    return get

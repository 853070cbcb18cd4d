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

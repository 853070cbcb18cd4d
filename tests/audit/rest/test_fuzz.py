"""Whatever is asked of the API, it answers as its document says, and never breaks.

Schemathesis makes requests from the OpenAPI document: good ones and bad ones, the same in each run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from audit.rest.schema.declare import INGEST_KEY
from config.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# They take the half a hundred parameters of find_events, for which every one is tried by itself.
ITS_LIKE = [
    "count_events",
    "get_histogram",
    "get_facets",
    "export_events",
    "ask_for_export",
]
FILES = ("export_events", "get_export_file")
BOUNDED = settings(
    derandomize=True,
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def serve(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    """As a server does it: an answer that was read is closed (PEP 3333)."""
    with closing(application(environ, start_response)) as answer:
        yield from answer


pytestmark = pytest.mark.slow
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", serve)


@pytest.fixture
def _connection_stays(db: None) -> Iterator[None]:
    """A request's end must not close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_connection_stays")
class TestAnswers:
    @schema.exclude(operation_id=ITS_LIKE).parametrize()
    @BOUNDED
    def test_are_as_declared(
        self, case: schemathesis.Case, ingest_key: str, read_token: str
    ) -> None:
        check(case, ingest_key, read_token)

    @schema.include(operation_id=ITS_LIKE).parametrize()
    @settings(BOUNDED, max_examples=4, phases=[Phase.generate])
    def test_of_its_like_are_as_declared(
        self, case: schemathesis.Case, ingest_key: str, read_token: str
    ) -> None:
        check(case, ingest_key, read_token)


def check(case: schemathesis.Case, ingest_key: str, read_token: str) -> None:
    schemes = [name for way in case.operation.definition.raw["security"] for name in way]
    token = ingest_key if INGEST_KEY in schemes else read_token
    headers: dict[str, Any] = {"Authorization": f"Bearer {token}"} if schemes else {}
    # A file is declared as bytes, whichever of its formats it has, and is not read as JSON here.
    is_file = case.operation.definition.raw["operationId"] in FILES
    checks = [each for each in CHECKS if each is not response_schema_conformance or not is_file]
    case.call_and_validate(headers=headers, checks=checks)

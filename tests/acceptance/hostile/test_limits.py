"""Rate limits at the front of an installation: before the body, and for all its processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..installation import Installation
from .conftest import MAKE_ENVIRONMENT, Target

EVENT = b'{"type":"HOSTILE"}'
LIMITS = {
    "DEMO": "off",
    "BODY_TIMEOUT_SECONDS": "3",
    "REQUESTS_A_MINUTE": "10",
    "BYTES_A_MINUTE": "100000",
    "FAILURES_A_MINUTE": "5",
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    one = Installation(tmp_path_factory.mktemp("limited"), LIMITS)
    one.start()
    try:
        one.manage("shell", "-c", MAKE_ENVIRONMENT)
        yield Target(installation=one, key="", token="", processes=[], resting={})
    finally:
        one.stop()


def new_key(target: Target, name: str) -> None:
    made = ("ingest_key", "create", "--environment", "prod", "--name", name)
    target.key = target.installation.manage(*made)


class TestRateLimits:
    def test_hold_for_all_processes_together(self, limited: Target) -> None:
        new_key(limited, "requests")
        said = [limited.post(EVENT) for _ in range(12)]
        assert [answer.status for answer in said] == [201] * 10 + [429] * 2
        assert said[-1].document["type"] == "urn:audit:problem:too-many-requests"
        assert 1 <= int(said[-1].headers["retry-after"]) <= 60

    def test_answer_before_the_body_is_read(self, limited: Target) -> None:
        new_key(limited, "bytes")
        assert limited.post(b" " * 99_000 + EVENT).status == 201
        head = limited.request(b"x" * 50_000)[:-50_000]
        with limited.connect() as connection:
            connection.sendall(head)
            assert limited.read(connection).status == 429

    def test_stop_whoever_tries_keys(self, limited: Target) -> None:
        new_key(limited, "good")
        good, limited.key = limited.key, "sli_" + "0" * 38
        assert [limited.post(EVENT).status for _ in range(7)] == [401] * 5 + [429] * 2
        limited.key = good
        assert limited.post(EVENT).status == 201

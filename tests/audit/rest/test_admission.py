"""Limits are shared by all processes, and hold before a body is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from audit.models import Rate
from audit.rest.admission import TooManyRequests, admit, charge, is_limited
from tests.factories import IngestKeyFactory

BAD_TOKEN = "sli_" + "0" * 38


@pytest.fixture
def limit(settings: LazySettings) -> Any:
    def to(**limits: int) -> None:
        settings.AUDIT = {**settings.AUDIT, **limits}

    return to


def ask(token: str, *, size: int = 100, address: str = "192.0.2.7") -> TooManyRequests | None:
    headers = {"authorization": f"Bearer {token}", "content-length": str(size)}
    return admit(headers, socket_address=address)


class TestIsLimited:
    def test_is_off_unless_set(self, limit: Any) -> None:
        assert not is_limited()
        limit(FAILURES_A_MINUTE=1)
        assert is_limited()


class TestAdmit:
    def test_lets_in_as_many_requests_as_a_minute_has(self, ingest_key: str, limit: Any) -> None:
        limit(REQUESTS_A_MINUTE=3)
        said = [ask(ingest_key) for _ in range(4)]
        assert said[:3] == [None] * 3
        assert said[3] is not None
        assert 1 <= said[3].retry_seconds <= 20

    def test_lets_in_again_when_the_time_has_come(self, ingest_key: str, limit: Any) -> None:
        limit(REQUESTS_A_MINUTE=1)
        assert ask(ingest_key) is None
        assert ask(ingest_key) is not None
        Rate.objects.update(due=timezone.now())
        assert ask(ingest_key) is None

    def test_counts_bytes_by_the_length_that_is_told(self, ingest_key: str, limit: Any) -> None:
        limit(BYTES_A_MINUTE=1_000)
        assert ask(ingest_key, size=900) is None
        assert ask(ingest_key, size=200) is not None
        assert ask(ingest_key, size=100) is None

    def test_lets_in_a_body_larger_than_a_minute_by_itself(
        self, ingest_key: str, limit: Any
    ) -> None:
        limit(BYTES_A_MINUTE=1_000)
        assert ask(ingest_key, size=10**9) is None
        assert ask(ingest_key, size=1) is not None

    def test_counts_chunks_when_they_have_come(self, ingest_key: str, limit: Any) -> None:
        limit(BYTES_A_MINUTE=1_000)
        headers = {"authorization": f"Bearer {ingest_key}"}
        assert admit(headers, socket_address=None) is None
        charge(headers, 1_000)
        assert ask(ingest_key, size=1) is not None

    def test_counts_each_key_for_itself(self, ingest_key: str, limit: Any) -> None:
        limit(REQUESTS_A_MINUTE=1)
        _, other = IngestKeyFactory(sender="crm")
        assert ask(ingest_key) is None
        assert ask(other) is None

    def test_counts_failures_by_address(self, ingest_key: str, limit: Any) -> None:
        limit(FAILURES_A_MINUTE=2)
        assert [ask(BAD_TOKEN) is None for _ in range(3)] == [True, True, False]
        assert ask(BAD_TOKEN, address="192.0.2.8") is None
        assert ask(ingest_key) is None

    def test_counts_a_network_of_ipv6_as_one(self, ingest_key: str, limit: Any) -> None:
        limit(FAILURES_A_MINUTE=1)
        assert ask(BAD_TOKEN, address="2001:db8::1") is None
        assert ask(BAD_TOKEN, address="2001:db8::2") is not None
        assert ask(BAD_TOKEN, address="2001:db8:1::1") is None

    def test_counts_ipv4_mapped_into_ipv6_by_itself(self, ingest_key: str, limit: Any) -> None:
        """As a socket for both versions tells it: all of these are in one network of IPv6."""
        limit(FAILURES_A_MINUTE=1)
        assert ask(BAD_TOKEN, address="::ffff:192.0.2.7") is None
        assert ask(BAD_TOKEN, address="::ffff:192.0.2.8") is None
        assert ask(BAD_TOKEN, address="192.0.2.7") is not None

    def test_counts_behind_a_proxy_by_whom_the_proxy_saw(self, ingest_key: str, limit: Any) -> None:
        limit(FAILURES_A_MINUTE=1, TRUSTED_PROXIES=1)
        headers = {"authorization": f"Bearer {BAD_TOKEN}"}
        for address, is_let_in in (("1.1.1.1", True), ("2.2.2.2", True), ("1.1.1.1", False)):
            given = headers | {"x-forwarded-for": f"9.9.9.9, {address}"}
            assert (admit(given, socket_address="10.0.0.1") is None) is is_let_in

    def test_does_not_count_readers(self, read_token: str, limit: Any) -> None:
        limit(FAILURES_A_MINUTE=1, REQUESTS_A_MINUTE=1)
        assert [ask(read_token) for _ in range(3)] == [None] * 3

    @pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer ä", "Bearer " + "a" * 300])
    def test_leaves_to_the_door_what_is_no_token(
        self, ingest_key: str, limit: Any, header: str
    ) -> None:
        limit(FAILURES_A_MINUTE=1, REQUESTS_A_MINUTE=1)
        assert admit({"authorization": header}, socket_address=None) is None
        assert not Rate.objects.exists()

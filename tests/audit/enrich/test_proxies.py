"""The sender's address is what our own proxies say, never what anyone can write."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from audit.enrich.proxies import proxied_address

SOCKET = "10.0.0.1"


class TestProxiedAddress:
    @pytest.mark.parametrize(
        ("trusted", "header", "address"),
        [
            pytest.param(0, "1.1.1.1", SOCKET, id="no proxy is trusted"),
            pytest.param(1, "1.1.1.1", "1.1.1.1", id="one proxy"),
            pytest.param(1, "6.6.6.6, 1.1.1.1", "1.1.1.1", id="what stands left is not believed"),
            pytest.param(2, "1.1.1.1, 10.0.0.9", "1.1.1.1", id="two proxies"),
            pytest.param(2, "6.6.6.6, 1.1.1.1, 10.0.0.9", "1.1.1.1", id="two, and a liar"),
            pytest.param(2, "1.1.1.1", SOCKET, id="past a proxy"),
            pytest.param(1, "", SOCKET, id="no header"),
            pytest.param(1, ",", SOCKET, id="nothing in it"),
            pytest.param(2, "6.6.6.6, ,10.0.0.9", SOCKET, id="an empty place is a place"),
            pytest.param(1, "unknown", SOCKET, id="no address"),
            pytest.param(1, "<script>", SOCKET, id="markup"),
            pytest.param(1, "1.1.1.1:4711", "1.1.1.1", id="with a port"),
            pytest.param(1, " 2001:DB8::7 ", "2001:db8::7", id="IPv6"),
            pytest.param(1, "[2001:db8::7]:4711", "2001:db8::7", id="IPv6 with a port"),
            pytest.param(1, "::ffff:1.1.1.1", "1.1.1.1", id="IPv4 mapped into IPv6"),
            pytest.param(1, "1.1.1.1,2.2.2.2,", SOCKET, id="a comma at the end"),
        ],
    )
    def test_counts_from_the_right(
        self, settings: LazySettings, trusted: int, header: str, address: str
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "TRUSTED_PROXIES": trusted}
        assert proxied_address(SOCKET, header) == address

    def test_takes_a_mapped_address_of_the_socket_for_that_of_ipv4(self) -> None:
        assert proxied_address("::ffff:10.0.0.1", "") == "10.0.0.1"

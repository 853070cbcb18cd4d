"""Is an address read from every spelling of it, and from nothing else?"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.enrich.ip_addresses import read_ip_address


def mapped_spellings(address: IPv4Address) -> list[str]:
    number = int(address)
    groups = f"{number >> 16:x}:{number & 0xFFFF:x}"
    return [
        f"::ffff:{address}",
        f"::FFFF:{address}",
        f"0:0:0:0:0:ffff:{address}",
        f"::ffff:{groups}",
        f"0000:0000:0000:0000:0000:ffff:{number >> 16:04x}:{number & 0xFFFF:04x}",
    ]


class TestReadAddress:
    @given(number=st.integers(0, 2**32 - 1), port=st.integers(0, 65_535))
    def test_takes_every_spelling_of_an_ipv4_address_for_that(self, number: int, port: int) -> None:
        address = IPv4Address(number)
        plain = [str(address), *mapped_spellings(address)]
        wrapped = [f"[{text}]:{port}" for text in plain] + [f"[{text}]" for text in plain]
        chains = [f"{text}, 10.0.0.1" for text in (*plain, f"{address}:{port}")]
        for text in (*plain, *wrapped, *chains, f"{address}:{port}", f" {address} "):
            assert read_ip_address(text) == address

    @given(address=st.ip_addresses(v=6), port=st.integers(0, 65_535))
    def test_takes_ipv6_bare_and_wrapped(self, address: IPv6Address, port: int) -> None:
        expected = address.ipv4_mapped or address
        for text in (str(address), address.exploded, f"[{address}]", f"[{address}]:{port}"):
            assert read_ip_address(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", ",", "unknown", "db01.internal", "localhost:80", "fe80::1%eth0"),
            *("[fe80::1%eth0]:80", "unknown, 192.0.2.7", "192.0.2.7:123456", "[192.0.2.7", "1"),
            *("192.0.2.0/24", "192.0.2.07", "::ffff:192.0.2.256", "2001:db8::7:80:", "_hidden"),
        ],
    )
    def test_takes_nothing_else(self, text: str) -> None:
        assert read_ip_address(text) is None

    @given(text=st.text())
    def test_no_text_makes_it_fail(self, text: str) -> None:
        address = read_ip_address(text)
        assert address is None or address == ip_address(str(address))

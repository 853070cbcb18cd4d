"""Is an event found by its address, however that was sent, asked for and recorded before?"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from audit.contracts import Scope
from audit.models.event import Event
from audit.query import count_events, parse_query
from audit.query.search.addresses import read_network
from audit.record import Origin, SubmittedEvent, ensure_environment, places, record_events
from audit.record.submitted import Context

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
SCOPE = Scope(grants={"prod": None})
SPELLINGS = (
    *("192.0.2.77", "::ffff:192.0.2.77", "::FFFF:c000:24d", "0:0:0:0:0:ffff:192.0.2.77"),
    *("192.0.2.77:4711", "[::ffff:192.0.2.77]:443", "[192.0.2.77]", "192.0.2.77, 10.0.0.1"),
)
NETWORKS = ("192.0.2.0/24", "::ffff:192.0.2.0/120", "0.0.0.0/0", "::ffff:0:0/96")


def record(*addresses: str) -> None:
    ensure_environment("prod")
    record_events(
        [SubmittedEvent(type="USER_LOGIN", context=Context(ip=address)) for address in addresses],
        origin=Origin(environment="prod"),
        received_at=NOW,
    )


def count(filters: dict[str, str]) -> int:
    asked = QueryDict(mutable=True)
    asked.update(filters)
    return count_events(parse_query(asked, scope=SCOPE, now=NOW)).count


@pytest.mark.django_db
class TestAddresses:
    def test_are_recorded_as_one_and_kept_as_sent(self) -> None:
        record(*SPELLINGS)
        assert {event.ip for event in Event.objects.all()} == {"192.0.2.77"}
        assert all(
            any(f'"ip":"{text}"' in event.personal for event in Event.objects.all())
            for text in SPELLINGS
        )

    @pytest.mark.parametrize("asked", [*SPELLINGS, *NETWORKS])
    def test_are_found_and_shut_out_by_any_spelling(self, asked: str) -> None:
        record(*SPELLINGS, "2001:db8::1", "unknown")
        assert count({"ip": asked}) == len(SPELLINGS)
        assert count({"exclude_ip": asked}) == 2

    @pytest.mark.parametrize("asked", [*SPELLINGS, *NETWORKS])
    def test_are_found_where_they_were_recorded_as_they_were_sent(
        self, monkeypatch: pytest.MonkeyPatch, asked: str
    ) -> None:
        monkeypatch.setattr(places, "read_ip_address", ip_address)
        places._located.cache_clear()
        record("::ffff:192.0.2.77", "192.0.2.77", "2001:db8::1")
        places._located.cache_clear()
        assert "::ffff:192.0.2.77" in {event.ip for event in Event.objects.all()}
        assert count({"ip": asked}) == 2
        assert count({"exclude_ip": asked}) == 1

    def test_of_ipv4_are_not_in_a_network_of_ipv6_around_the_mapped_ones(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(places, "read_ip_address", ip_address)
        places._located.cache_clear()
        record("::ffff:192.0.2.78", "192.0.2.78", "2001:db8::1")
        places._located.cache_clear()
        assert count({"ip": "::/0"}) == 1
        assert count({"exclude_ip": "::/0"}) == 2


class TestReadNetwork:
    @given(number=st.integers(0, 2**32 - 1), prefix=st.integers(0, 32))
    def test_takes_a_mapped_network_for_the_one_of_ipv4(self, number: int, prefix: int) -> None:
        network = IPv4Network((number, prefix), strict=False)
        mapped = f"::ffff:{network.network_address}/{prefix + 96}"
        assert read_network(mapped) == read_network(str(network)) == network

    @pytest.mark.parametrize("text", ["::/0", "::/80", "::fffe:0:0/95", "2001:db8::/32"])
    def test_leaves_wider_networks_alone(self, text: str) -> None:
        assert read_network(text) == IPv6Network(text)

    @pytest.mark.parametrize(
        "text", ["", "unknown", "fe80::1%eth0", "fe80::%eth0/64", "192.0.2.0/33", "10.0.0.0/8:80"]
    )
    def test_takes_nothing_else(self, text: str) -> None:
        assert read_network(text) is None

    def test_takes_an_address_for_a_network_of_one(self) -> None:
        assert read_network("192.0.2.7:80") == IPv4Network(IPv4Address("192.0.2.7"))

"""Matches an IP address or a network, however it is spelled.

An IPv4 address mapped into IPv6 is the IPv4 address: so it is recorded today, and before as it was
sent. So both are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from audit.enrich.ip_addresses import read_ip_address

_MAPPED = IPv6Network("::ffff:0:0/96")
_IPV6_BITS, _IPV4_BITS = 128, 32


def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """Return the network that a text names, an address as one of its own; None for anything else.

    An address may be written as events may have it: with a port, in brackets, as a chain.
    """
    if "%" in text:
        return None
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        address = read_ip_address(text)
        return ip_network(address) if address is not None else None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        lowest = network.network_address.ipv4_mapped
        return IPv4Network((lowest or 0, network.prefixlen - _IPV6_BITS + _IPV4_BITS))
    return network


def address_sql(texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the condition over `audit_event e` that its address is in one of these networks, and
    its parameters. Each text names a network.
    """
    ways: list[str] = []
    params: list[str] = []
    for network in map(read_network, texts):
        if network is None:
            continue
        if isinstance(network, IPv4Network):
            ways.append("e.ip <<= %s::inet OR e.ip <<= %s::inet")
            params += [str(network), str(_mapped(network))]
        elif network.supernet_of(_MAPPED):
            ways.append("e.ip <<= %s::inet AND NOT e.ip <<= %s::inet")
            params += [str(network), str(_MAPPED)]
        else:
            ways.append("e.ip <<= %s::inet")
            params.append(str(network))
    return " OR ".join(f"({way})" for way in ways) or "false", tuple(params)


def _mapped(network: IPv4Network) -> IPv6Network:
    lowest = int(_MAPPED.network_address) + int(network.network_address)
    return IPv6Network((lowest, network.prefixlen + _IPV6_BITS - _IPV4_BITS))

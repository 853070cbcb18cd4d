"""Recognizes IP addresses without a location: private, local, shared, reserved.

After the IANA special-purpose address registries of IPv4 and IPv6, as far as such an address can
turn up in an event; of the rows that hold an address the narrowest says its kind.
"""

from __future__ import annotations

from bisect import bisect_right
from ipaddress import IPv4Address, IPv6Address, ip_network

DOCUMENTATION = "documentation"

_KINDS_BY_NETWORK = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private network"),
    ("100.64.0.0/10", "carrier network"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private network"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", DOCUMENTATION),
    ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "private network"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", DOCUMENTATION),
    ("203.0.113.0/24", DOCUMENTATION),
    ("224.0.0.0/4", "multicast"),
    ("255.255.255.255/32", "broadcast"),
    ("240.0.0.0/4", "reserved"),
    ("::/96", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("64:ff9b:1::/48", "private network"),
    ("100::/64", "reserved"),
    ("2001:2::/48", "benchmarking"),
    ("2001:10::/28", "reserved"),
    ("2001:20::/28", "reserved"),
    ("2001:db8::/32", DOCUMENTATION),
    ("3fff::/20", DOCUMENTATION),
    ("5f00::/16", "reserved"),
    ("fc00::/7", "private network"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "private network"),
    ("ff00::/8", "multicast"),
)


_TRANSLATED = ip_network("64:ff9b::/96")  # NAT64, RFC 6052


def embedded_address(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the client's IPv4 address where an IPv6 address carries it, else the address itself.

    Addresses that are mapped, translated (NAT64), of 6to4 and of Teredo do so. A location file
    would give the last the place of the Teredo server, or of whoever holds all of 2001::/32.
    """
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address


def special_kind(address: IPv4Address | IPv6Address) -> str | None:
    """Return what kind of special address this is, or None where it can be somewhere."""
    starts, kinds = _RANGES[address.version]
    return kinds[bisect_right(starts, int(address)) - 1]


def _ranges(version: int) -> tuple[list[int], list[str | None]]:
    """Return where each range of addresses of one kind begins, and the kinds; from 0 on."""
    networks = [
        (int(network[0]), int(network[-1]) + 1, kind)
        for network, kind in ((ip_network(text), kind) for text, kind in _KINDS_BY_NETWORK)
        if network.version == version
    ]
    edges = sorted({0, *(start for start, _, _ in networks), *(end for _, end, _ in networks)})
    kinds = []
    for edge in edges:
        holding = [(end - start, kind) for start, end, kind in networks if start <= edge < end]
        kinds.append(min(holding)[1] if holding else None)
    return edges, kinds


_RANGES = {version: _ranges(version) for version in (4, 6)}

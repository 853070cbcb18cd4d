"""Which addresses are nowhere: private, local, shared, set aside?

After the IANA special-purpose address registries of IPv4 and IPv6, as far as such an address can
turn up in an event; the first row that holds an address says its kind.
"""

from __future__ import annotations

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
_NETWORKS = tuple((ip_network(network), kind) for network, kind in _KINDS_BY_NETWORK)


def special_kind(address: IPv4Address | IPv6Address) -> str | None:
    """Return what kind of special address this is, or None where it can be somewhere."""
    return next((kind for network, kind in _NETWORKS if address in network), None)

"""Reads an IP address from a text."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

# 192.0.2.7:5678, [2001:db8::1]:443, [2001:db8::1]
_WRAPPED = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")


def bare_ip_address(text: str) -> str:
    """Return the left-most of a chain as proxies write it, without brackets and port; what isn't
    written so stays as it is.
    """
    first = text.partition(",")[0].strip()
    match = _WRAPPED.fullmatch(first)
    return next(filter(None, match.groups()), first) if match else first


def read_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text names, also in a chain, in brackets or with a port; None for
    anything else.

    An IPv4 address mapped into IPv6 (`::ffff:192.0.2.7`, `::ffff:c000:207`) is the IPv4 address.
    With a zone (`fe80::1%eth0`) it means something on one machine only, and is none.
    """
    bare = bare_ip_address(text)
    if "%" in bare:
        return None
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address

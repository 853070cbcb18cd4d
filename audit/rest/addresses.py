"""From which address does a request come?"""

from __future__ import annotations

import ipaddress

from rest_framework.request import Request

from audit.conf import audit_settings


def sender_address(request: Request) -> str | None:
    """Return the sender's own address (never the actor's), or None where it is unknown."""
    return proxied_address(
        request.META.get("REMOTE_ADDR") or None, request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


def proxied_address(socket_address: str | None, forwarded_for: str) -> str | None:
    """Return the socket's address, or behind TRUSTED_PROXIES proxies the one that stands that many
    from the right of X-Forwarded-For. Never what stands further left: anyone can write that.

    With fewer than that many entries the request came past a proxy, and with another text than an
    address our own proxy wrote none: then it is the socket's.
    """
    trusted = audit_settings().TRUSTED_PROXIES
    if not trusted:
        return socket_address
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    return (_address(hops[-trusted]) if len(hops) >= trusted else None) or socket_address


def _address(text: str) -> str | None:
    """192.0.2.7, 192.0.2.7:4711, 2001:db8::7, [2001:db8::7]:4711"""
    host = text
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        host = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None

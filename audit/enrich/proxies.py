"""Tells from which address a request comes, behind the proxies that are trusted."""

from __future__ import annotations

from django.http import HttpRequest

from audit.conf import audit_settings

from .ip_addresses import read_ip_address


def sender_address(request: HttpRequest) -> str | None:
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
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    forwarded = read_ip_address(hops[-trusted]) if 0 < trusted <= len(hops) else None
    # A socket for both versions of IP gives IPv4 addresses as mapped ones.
    address = forwarded or read_ip_address(socket_address or "")
    return str(address) if address is not None else socket_address

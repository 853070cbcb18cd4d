"""From which address does a request come?"""

from __future__ import annotations

from rest_framework.request import Request

from audit.conf import audit_settings


def sender_address(request: Request) -> str | None:
    """Return the sender's own address: the socket's, or behind TRUSTED_PROXIES proxies the one
    that many from the right of X-Forwarded-For. Never what stands further left: anyone can
    write that.
    """
    trusted = audit_settings().TRUSTED_PROXIES
    socket_address = request.META.get("REMOTE_ADDR") or None
    if not trusted:
        return socket_address
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [hop for hop in hops if hop]
    return hops[-trusted] if len(hops) >= trusted else socket_address

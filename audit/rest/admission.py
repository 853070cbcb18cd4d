"""Limits the rates of requests, before their bodies are read; all processes share the limits.

Each limit is a bucket that a minute fills (the generic cell rate algorithm): one row and one
statement. Off unless set; a host project without our front calls `admit()` itself.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, close_old_connections, connections

from audit.conf import audit_settings
from audit.enrich.ip_addresses import read_ip_address
from audit.enrich.proxies import proxied_address
from audit.log.cursor import psycopg_cursor
from audit.log.statements import statement

from .authentication import MAX_TOKEN_CHARACTERS

WINDOW_SECONDS = 60.0
IPV6_PREFIX = 64
# A body whose size wasn't told may take a bucket into debt, up to so many windows.
MAX_DEBT_WINDOWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyRequests:
    """A request is not let in; retry_seconds: when it would be."""

    detail: str
    retry_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request; key_id: of the live ingest key that is shown, or None

    network: the address, of IPv6 its /64
    """

    key_id: int | None
    network: str


def is_limited() -> bool:
    """Is any limit set?"""
    settings = audit_settings()
    return bool(settings.REQUESTS_A_MINUTE or settings.BYTES_A_MINUTE or settings.FAILURES_A_MINUTE)


def admit(headers: Mapping[str, str], *, socket_address: str | None) -> TooManyRequests | None:
    """Return None where a request may come in.

    headers: by lower-case name. Without a database nobody can be counted: then the request comes
    in, and meets the database itself.
    """
    token = _token(headers)
    if token is None:
        return None
    address = proxied_address(socket_address, headers.get("x-forwarded-for", ""))
    try:
        if not connections[audit_settings().DATABASE].in_atomic_block:
            close_old_connections()
        return _admit(token, headers.get("content-length", ""), address)
    except (DatabaseError, psycopg.Error):
        return None


def caller_of(headers: Mapping[str, str], *, socket_address: str | None) -> Caller:
    """Return who sends a request; headers: by lower-case name. Without a database, a stranger."""
    address = proxied_address(socket_address, headers.get("x-forwarded-for", ""))
    token = _token(headers)
    key = None
    if token is not None:
        try:
            if not connections[audit_settings().DATABASE].in_atomic_block:
                close_old_connections()
            key = audit_settings().resolve_key(token, ip_address=address)
        except (DatabaseError, psycopg.Error):
            key = None
    return Caller(key_id=key.key_id if key is not None else None, network=_network(address))


def charge(headers: Mapping[str, str], size: int) -> None:
    """Count the bytes of a body that came without a length (in chunks)."""
    limit = audit_settings().BYTES_A_MINUTE
    token = _token(headers)
    if not limit or token is None or "content-length" in headers:
        return
    try:
        key = audit_settings().resolve_key(token, ip_address=None)
        if key is not None:
            _spend(f"key:{key.key_id}:bytes", size, limit, most=MAX_DEBT_WINDOWS * WINDOW_SECONDS)
    except (DatabaseError, psycopg.Error):
        return


def _admit(token: str, length: str, address: str | None) -> TooManyRequests | None:
    settings = audit_settings()
    key = settings.resolve_key(token, ip_address=address)
    if key is None:
        if not settings.FAILURES_A_MINUTE or settings.resolve_reader(token) is not None:
            return None
        wait = _spend(f"address:{_network(address)}", 1, settings.FAILURES_A_MINUTE)
        return _too_many_requests("Too many failed authentications from this address.", wait)
    if settings.REQUESTS_A_MINUTE:
        wait = _spend(f"key:{key.key_id}:requests", 1, settings.REQUESTS_A_MINUTE)
        if wait:
            limit = f"{settings.REQUESTS_A_MINUTE:,} requests a minute"
            return _too_many_requests(f"This key may send {limit}.", wait)
    if settings.BYTES_A_MINUTE:
        size = int(length[:18]) if length.isascii() and length.isdigit() else 0
        wait = _spend(f"key:{key.key_id}:bytes", size, settings.BYTES_A_MINUTE)
        return _too_many_requests(
            f"This key may send {settings.BYTES_A_MINUTE:,} bytes a minute.", wait
        )
    return None


def _too_many_requests(detail: str, wait: float) -> TooManyRequests | None:
    return TooManyRequests(detail=detail, retry_seconds=math.ceil(wait)) if wait else None


def _spend(name: str, amount: float, a_minute: int, *, most: float = WINDOW_SECONDS) -> float:
    """Take from a bucket, and return 0; or take nothing, and return the seconds to wait.

    What alone is more than a bucket holds takes the whole bucket. most: how far ahead, in
    seconds, the bucket may be used up.
    """
    cost = min(amount * WINDOW_SECONDS / a_minute, WINDOW_SECONDS)
    cursor = psycopg_cursor(audit_settings().DATABASE)
    cursor.execute(
        statement("rest", "take_from_bucket"),
        {"name": name, "cost": cost, "most": most + 0.001},
    )
    if cursor.rowcount:
        return 0.0
    cursor.execute(
        "SELECT extract(epoch FROM due - clock_timestamp()) FROM audit_rate WHERE name = %s", [name]
    )
    row = cursor.fetchone()
    return max(0.001, float(row[0]) + cost - most) if row else 0.001


def _token(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.isascii() or len(token) > MAX_TOKEN_CHARACTERS:
        return None
    return token or None


def _network(address: str | None) -> str:
    """An IPv6 address stands for its /64: whoever has one has them all."""
    found = read_ip_address(address or "")
    if found is None:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)

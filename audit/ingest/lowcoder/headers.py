"""Reads the client from the headers of a request that an envelope describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.enrich.ip_addresses import bare_ip_address

from .fitting import as_id

HINTS = "sec-ch-ua"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """user_agent, client_hints: taken out of the headers; rest: those that stay in details."""

    user_agent: str | None = None
    client_hints: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)


def read_headers(headers: Mapping[str, Any]) -> Headers:
    """Read a flat map of names, in any case, to strings or lists of strings.

    A header that is there several times, or is no text, stays where it is: only its first value
    is used.
    """
    first: dict[str, str] = {}
    rest: dict[str, Any] = {}
    hints: dict[str, str] = {}
    for name, value in headers.items():
        key = name.strip().lower()
        values = value if isinstance(value, list) else [value]
        text = values[0] if values and isinstance(values[0], str) else None
        is_new = bool(text) and key not in first
        if text is not None and is_new:
            first[key] = text
            if key.startswith(HINTS):
                hints[key] = text
        if not (is_new and len(values) == 1 and (key == "user-agent" or key in hints)):
            rest[name] = value
    return Headers(
        user_agent=first.get("user-agent"),
        client_hints=hints,
        address=_address(first),
        rest=rest,
    )


def _address(first: Mapping[str, str]) -> str | None:
    """X-Real-IP, else the left-most of X-Forwarded-For: the client as the proxies saw it."""
    return as_id(bare_ip_address(first.get("x-real-ip") or first.get("x-forwarded-for", "")))

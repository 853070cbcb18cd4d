"""Which routes does the project answer? As Django writes them, from its URL configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLResolver


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route; one that is configured twice comes twice."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route

"""Where was it? Addresses of events to places and the numbers of their countries."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import psycopg

from audit.enrich.place import Place, locate_address

from . import registry

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=20_000)
def address_of(text: str | None) -> Address | None:
    """Return an address in the form that the column takes, or None where the text is none.

    An IPv6 zone (`fe80::1%eth0`) is no address that a column can hold.
    """
    if text is None or "%" in text:
        return None
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def places_of(
    cursor: psycopg.Cursor[Any], addresses: Iterable[Address], *, using: str
) -> Mapping[Address, tuple[Place, int | None]]:
    """Return the place of each address that has one, with its country's number."""
    places = {a: place for a in set(addresses) if (place := locate_address(a)) is not None}
    countries = {place.country for place in places.values() if place.country}
    numbers = registry.COUNTRIES.find_or_add(cursor, countries, using=using) if countries else {}
    return {a: (place, numbers.get(place.country or "")) for a, place in places.items()}

"""Locates the IP addresses of events, and numbers their countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import psycopg

from audit.enrich.ip_addresses import read_ip_address
from audit.enrich.place import Databases, Place, databases_in_use, locate_address
from audit.log import registry


@dataclass(frozen=True, slots=True, eq=False)
class LocatedAddress:
    """An address with its place, if that is known.

    The same object for the same address, so that what is made of it can be kept.
    """

    address: IPv4Address | IPv6Address
    place: Place | None


def locations_of(
    cursor: psycopg.Cursor[Any], addresses: Iterable[str], *, using: str
) -> Mapping[str, tuple[LocatedAddress, int | None]]:
    """Return where each text lies that is an address, and the number of that country."""
    databases = databases_in_use()
    found = {
        text: located
        for text in set(addresses)
        if (located := _located(text, databases)) is not None
    }
    countries = {one.place.country for one in found.values() if one.place and one.place.country}
    numbers = registry.COUNTRIES.find_or_add(cursor, countries, using=using) if countries else {}
    return {
        text: (one, numbers.get(one.place.country or "") if one.place else None)
        for text, one in found.items()
    }


@lru_cache(maxsize=20_000)
def _located(text: str, databases: Databases) -> LocatedAddress | None:
    # The databases are part of the key, so a replaced file is asked again.
    address = read_ip_address(text)
    return None if address is None else LocatedAddress(address, locate_address(address, databases))

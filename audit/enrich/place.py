"""Where was somebody, by their address?"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

import maxminddb

from audit.conf import audit_settings

from .special_addresses import DOCUMENTATION, special_kind
from .watched_file import Database, WatchedFile

logger = logging.getLogger(__name__)

MAX_ADDRESS = 45  # INET6_ADDRSTRLEN without its NUL
MAX_NAME = 128
MAX_RADIUS_KM = 20_037  # half of the way around
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOT_CITY = ("ASN", "ISP", "Domain", "Connection-Type", "Anonymous", "Country")
_NOT_ASN = ("City", "Country", "Enterprise", "Location", "Domain", "Connection-Type", "Anonymous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address is, as well as it is known.

    kind: "city", "region", "country", "network" (only its owner is known), or of an address that
        is nowhere: "private network", "loopback", …; then nothing else is known
    country: ISO 3166-1 alpha-2; time_zone: of the IANA database; network: in CIDR notation
    radius_km: the true place is likely within; organisation: that the network is registered to
    build_date: of the file that says so
    """

    kind: str
    country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int | None = None
    time_zone: str | None = None
    network: str | None = None
    organisation: str | None = None
    build_date: date | None = None


class Databases(NamedTuple):
    """The files that are in use: one says where addresses are, the other whose."""

    cities: Database | None
    networks: Database | None


def databases_in_use() -> Databases:
    """Return the files as they are now: other ones once they were replaced."""
    settings = audit_settings()
    return Databases(
        _in_use(settings.GEOIP_CITY_PATH, _NOT_CITY), _in_use(settings.GEOIP_ASN_PATH, _NOT_ASN)
    )


def locate_address(address: IPv4Address | IPv6Address, databases: Databases) -> Place | None:
    """Return the place of an address by these files, as `locate` does."""
    return _locate(address, *databases)


def locate(ip: str | None) -> Place | None:
    """Return the place of an address; None where it is unknown, or no address at all.

    Never raises. Addresses for documentation are looked up too, since the demo's are such.
    """
    if not ip or len(ip) > MAX_ADDRESS:
        return None
    address = _parse(ip)
    return locate_address(address, databases_in_use()) if address else None


def has_places() -> bool:
    """Is there a database to look places up in?"""
    return databases_in_use().cities is not None


def places_build_date() -> date | None:
    """Return the build date of the file that says where addresses lie, or who owns them where
    there is none; None where there is neither.
    """
    cities, networks = databases_in_use()
    database = cities or networks
    return database.build_date if database else None


def _in_use(path: str, foreign_types: tuple[str, ...]) -> Database | None:
    return _watched(path, foreign_types).current() if path else None


@lru_cache(maxsize=8)
def _watched(path: str, foreign_types: tuple[str, ...]) -> WatchedFile:
    return WatchedFile(path, foreign_types=foreign_types)


@lru_cache(maxsize=16_384)
def _locate(
    address: IPv4Address | IPv6Address, cities: Database | None, networks: Database | None
) -> Place | None:
    # The databases are part of the key, so a replaced file is asked anew.
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    kind = special_kind(address)
    if kind is not None and kind != DOCUMENTATION:
        return Place(kind=kind)
    found = _look_up(address, cities=cities, networks=networks)
    if found is None and kind is not None:
        return Place(kind=kind)
    return found


def _parse(ip: str) -> IPv4Address | IPv6Address | None:
    if "%" in ip:  # a zone (fe80::1%eth0) means something on one machine only
        return None
    try:
        return ip_address(ip)
    except ValueError:
        return None


def _look_up(
    address: IPv4Address | IPv6Address, *, cities: Database | None, networks: Database | None
) -> Place | None:
    record, prefix = _get(cities, address)
    owner, owner_prefix = _get(networks, address)
    traits = _member(record, "traits")
    if not owner and traits:
        # Some editions of city files know the network's owner themselves.
        owner, owner_prefix = traits, prefix
    organisation = _name(
        owner.get("autonomous_system_organization") or owner.get("organization") or owner.get("isp")
    )
    country = _country(record)
    region = _name_in_english(_first(record.get("subdivisions")))
    city = _name_in_english(_member(record, "city"))
    if not (country or city or organisation):
        return None
    location = _member(record, "location")
    latitude = _number(location.get("latitude"), limit=90)
    longitude = _number(location.get("longitude"), limit=180)
    is_located = latitude is not None and longitude is not None
    radius = _number(location.get("accuracy_radius"), limit=MAX_RADIUS_KM)
    source = cities if country or city else networks or cities
    return Place(
        kind="city" if city else "region" if region else "country" if country else "network",
        country=country,
        region=region,
        city=city,
        latitude=latitude if is_located else None,
        longitude=longitude if is_located else None,
        radius_km=round(radius) if is_located and radius is not None and radius >= 0 else None,
        time_zone=_name(location.get("time_zone")),
        network=str(ip_network((address, owner_prefix), strict=False)) if organisation else None,
        organisation=organisation,
        build_date=source.build_date if source else None,
    )


def _get(
    database: Database | None, address: IPv4Address | IPv6Address
) -> tuple[Mapping[str, Any], int]:
    """Return the record of an address and the length of its network; `{}` where there is none."""
    if database is None:
        return {}, 0
    try:
        record, prefix = database.reader.get_with_prefix_len(address)
    except ValueError:  # an IPv6 address in a file of IPv4
        return {}, 0
    except maxminddb.InvalidDatabaseError as error:
        logger.warning("The location database of %s is broken: %s", database.build_date, error)
        return {}, 0
    return (record, prefix) if isinstance(record, dict) else ({}, 0)


def _country(record: Mapping[str, Any]) -> str | None:
    for member in ("country", "registered_country"):
        code = _member(record, member).get("iso_code")
        if isinstance(code, str) and _COUNTRY.fullmatch(code):
            return code
    return None


def _name_in_english(thing: Mapping[str, Any]) -> str | None:
    names = _member(thing, "names")
    return _name(names.get("en") or next(iter(names.values()), None))


def _name(value: Any) -> str | None:
    """Return a text without what can't be printed (U+0000 fails a whole statement), cut."""
    if not isinstance(value, str):
        return None
    printable = "".join(letter for letter in value[: 4 * MAX_NAME] if letter.isprintable())
    return printable.strip()[:MAX_NAME] or None


def _number(value: Any, *, limit: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= limit else None


def _member(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _first(values: Any) -> Mapping[str, Any]:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}

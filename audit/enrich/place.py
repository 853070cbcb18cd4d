"""Locates an IP address."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any, NamedTuple

from audit.conf import audit_settings

from .ip_addresses import read_ip_address
from .location_records import owner_within, read_location, read_owner
from .special_ip_addresses import DOCUMENTATION, embedded_address, special_kind
from .watched_file import Database, DatabaseKind, WatchedFile

logger = logging.getLogger(__name__)

REGISTERED = "registered in "
_CITIES = DatabaseKind(
    foreign_types=("ASN", "ISP", "Domain", "Connection-Type", "Anonymous", "Country"),
    has_answer=lambda record: read_location(record).is_known,
    content="where its addresses lie",
)
_NETWORKS = DatabaseKind(
    foreign_types=(
        *("City", "Country", "Enterprise", "Location"),
        *("Domain", "Connection-Type", "Anonymous"),
    ),
    has_answer=lambda record: read_owner(record) is not None,
    content="whose its networks are",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address is, as well as it is known.

    kind: "city", "region", "country", "registered in US" (where it is used is unknown, or a point
        at most), "point", "network" (only its owner is known), or of an address that is nowhere:
        "private network", "loopback", …; then nothing else is known
    country: ISO 3166-1 alpha-2, where it lies; time_zone: of the IANA database
    network: in CIDR notation
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
    """The files that are in use: some say where addresses are, others whose.

    There are two of a kind where IPv4 and IPv6 come in files of their own.
    """

    cities: tuple[Database, ...]
    networks: tuple[Database, ...]


def databases_in_use() -> Databases:
    """Return the files as they are now: other ones once they were replaced."""
    settings = audit_settings()
    return Databases(
        _in_use(os.fspath(settings.GEOIP_CITY_PATH), _CITIES),
        _in_use(os.fspath(settings.GEOIP_ASN_PATH), _NETWORKS),
    )


def locate_address(address: IPv4Address | IPv6Address, databases: Databases) -> Place | None:
    """Return the place of an address by these files, as `locate` does."""
    return _locate(address, databases)


def locate(ip: str | None) -> Place | None:
    """Return the place of an address; None where it is unknown, or no address at all.

    Never raises. Addresses for documentation are looked up too, since the demo's are such.
    """
    address = read_ip_address(ip) if ip else None
    return locate_address(address, databases_in_use()) if address else None


def has_places() -> bool:
    """Is there a database to look places up in?"""
    return bool(databases_in_use().cities)


class BuildDates(NamedTuple):
    """Of the files that say where the addresses of each version lie, or who owns them where there
    is none; None where there is neither.
    """

    ipv4: date | None
    ipv6: date | None


def places_build_dates() -> BuildDates:
    cities, networks = databases_in_use()
    either = cities or networks
    return BuildDates(*(_build_date(either, version) for version in (4, 6)))


def _build_date(databases: tuple[Database, ...], version: int) -> date | None:
    return next((one.build_date for one in databases if version in one.versions), None)


def _in_use(paths: str, kind: DatabaseKind) -> tuple[Database, ...]:
    watched = (_watched(path.strip(), kind) for path in paths.split(os.pathsep) if path.strip())
    return tuple(database for one in watched if (database := one.current()) is not None)


@lru_cache(maxsize=16)
def _watched(path: str, kind: DatabaseKind) -> WatchedFile:
    return WatchedFile(path, kind=kind)


@lru_cache(maxsize=16_384)
def _locate(address: IPv4Address | IPv6Address, databases: Databases) -> Place | None:
    # The databases are part of the key, so a replaced file is asked again.
    address = embedded_address(address)
    kind = special_kind(address)
    if kind is not None and kind != DOCUMENTATION:
        return Place(kind=kind)
    found = _look_up(address, databases)
    if found is None and kind is not None:
        return Place(kind=kind)
    return found


def _look_up(address: IPv4Address | IPv6Address, databases: Databases) -> Place | None:
    record, prefix, cities = _get(databases.cities, address)
    owner, owner_prefix, networks = _get(databases.networks, address)
    if not owner and (within := owner_within(record)):
        owner, owner_prefix = within, prefix
    organisation = read_owner(owner)
    location = read_location(record)
    if not (location.is_known or organisation):
        return None
    source = cities if location.is_known else networks or cities
    if location.city:
        kind = "city"
    elif location.region:
        kind = "region"
    elif location.country:
        kind = "country"
    elif location.registered_country:
        kind = f"{REGISTERED}{location.registered_country}"
    else:
        kind = "network" if location.latitude is None else "point"
    return Place(
        kind=kind,
        country=location.country,
        region=location.region,
        city=location.city,
        latitude=location.latitude,
        longitude=location.longitude,
        radius_km=location.radius_km,
        time_zone=location.time_zone,
        network=str(ip_network((address, owner_prefix), strict=False)) if organisation else None,
        organisation=organisation,
        build_date=source.build_date if source else None,
    )


def _get(
    databases: tuple[Database, ...], address: IPv4Address | IPv6Address
) -> tuple[Mapping[str, Any], int, Database | None]:
    """Return the record of an address, the length of its network, and the file that knows it;
    `{}` where none does.
    """
    for database in databases:
        if address.version not in database.versions:
            continue
        from maxminddb import InvalidDatabaseError  # which opened the database

        try:
            record, prefix = database.reader.get_with_prefix_len(address)
        except InvalidDatabaseError as error:
            logger.warning("The location database of %s is broken: %s", database.build_date, error)
            continue
        if isinstance(record, dict) and record:
            return record, prefix, database
    return {}, 0, None

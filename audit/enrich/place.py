"""Where is an address? A place from a city database, or the kind of an address that has none."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from audit.conf import audit_settings

from .place_file import PlaceFile

MAX_TEXT_CHARACTERS = 200
MAX_RADIUS_KM = 20_000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6598 and the documentation blocks of RFC 5737 and RFC 3849
_NAMED_NETWORKS = tuple(
    (ipaddress.ip_network(network), kind)
    for network, kind in (
        ("100.64.0.0/10", "carrier network"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address is, or why it is nowhere.

    kind: "place", or what the address is instead ("private network", "loopback", …)
    country: ISO 3166-1 alpha-2; latitude, longitude: degrees; radius_km: of accuracy
    network: the block that the organisation holds; build_date: of the database
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


def locate(ip: str | None) -> Place | None:
    """Return the place of an address; None where the text is no address, or nothing is known.

    An IPv4 address in an IPv6 one is that IPv4 address. Never raises.
    """
    if not ip:
        return None
    settings = audit_settings()
    city = _file(settings.GEOIP_CITY_PATH, "City")
    asn = _file(settings.GEOIP_ASN_PATH, "ASN")
    return _located(ip, city, city.generation() if city else 0, asn, asn.generation() if asn else 0)


@lru_cache(maxsize=8)
def _file(path: str, holds: str) -> PlaceFile | None:
    return PlaceFile(path, holds=holds) if path else None


@lru_cache(maxsize=50_000)
def _located(
    ip: str,
    city: PlaceFile | None,
    city_generation: int,
    asn: PlaceFile | None,
    asn_generation: int,
) -> Place | None:
    """The generations are part of the key: a replaced file empties what was remembered."""
    address = _address(ip)
    if address is None:
        return None
    found = city.find(address) if city else None
    owner = asn.find(address) if asn else None
    if found is None and owner is None:
        kind = kind_of(address)
        return Place(kind=kind) if kind else None
    return _place(found or {}, owner or {}, asn if owner else None, city or asn, address)


def kind_of(address: Address) -> str | None:
    """Return what an address is that can be nowhere in the world, or None for an ordinary one."""
    for network, kind in _NAMED_NETWORKS:
        if address.version == network.version and address in network:
            return kind
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_unspecified:
        return "unspecified"
    if address.is_private:
        return "private network"
    return "reserved" if address.is_reserved else None


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _place(
    found: dict[str, Any],
    owner: dict[str, Any],
    asn: PlaceFile | None,
    file: PlaceFile | None,
    address: Address,
) -> Place:
    location = _members(found, "location")
    country = _members(found, "country") or _members(found, "registered_country")
    regions = found.get("subdivisions")
    region = regions[0] if isinstance(regions, list) and regions else {}
    number = owner.get("autonomous_system_number")
    organisation = _text(owner.get("autonomous_system_organization"))
    built = file.build_epoch() if file else None
    code = _text(country.get("iso_code"))
    return Place(
        kind="place",
        country=code[:2].upper() if code else None,
        region=_name(region),
        city=_name(_members(found, "city")),
        latitude=_number(location.get("latitude"), 90),
        longitude=_number(location.get("longitude"), 180),
        radius_km=_radius(location.get("accuracy_radius")),
        time_zone=_text(location.get("time_zone")),
        network=asn.network(address) if asn else None,
        organisation=organisation or (f"AS{number}" if number else None),
        build_date=datetime.fromtimestamp(built, UTC).date() if built else None,
    )


def _members(record: dict[str, Any], name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _name(record: Any) -> str | None:
    names = _members(record, "names") if isinstance(record, dict) else {}
    return _text(names.get("en") or next(iter(names.values()), None))


def _text(value: Any) -> str | None:
    text = value.replace("\0", "")[:MAX_TEXT_CHARACTERS] if isinstance(value, str) else ""
    return text or None


def _number(value: Any, limit: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -limit <= value <= limit else None


def _radius(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MAX_RADIUS_KM else None

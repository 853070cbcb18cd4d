"""Reads a record of a location file in either of the two forms.

Nested, as MaxMind and DB-IP write it: `{"country": {"iso_code": "FR"}, "city": {"names": …}, …}`.
Flat, as such files are packed elsewhere: `{"country_code": "FR", "state1": …, "city": "Lyon", …}`,
with an empty text for what is unknown and coordinates of 32 bits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_NAME = 128
MAX_RADIUS_KM = 20_037  # half of the way around
# A coordinate of 32 bits is right to the fourth decimal, some 11 m, all around the globe.
FLAT_DECIMALS = 4
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the addresses of a record lie. latitude and longitude are both given or both None.

    country, registered_country: ISO 3166-1 alpha-2; where a network is registered says nothing
    of where it is used
    """

    country: str | None = None
    registered_country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int | None = None
    time_zone: str | None = None

    @property
    def is_known(self) -> bool:
        """Does it say where, be it only where the network is registered?"""
        return bool(
            self.country or self.registered_country or self.city or self.latitude is not None
        )


def read_location(record: Mapping[str, Any]) -> Location:
    """Return what a record says of the place; a member that makes no sense is left out."""
    if isinstance(record.get("country_code"), str):
        return _flat(record)
    return _nested(record)


def read_owner(record: Mapping[str, Any]) -> str | None:
    """Return whom a network belongs to, by a record of a file of networks."""
    return _name(
        record.get("autonomous_system_organization")
        or record.get("organization")
        or record.get("isp")
    )


def owner_within(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a record of a city file says of the network's owner: some editions do."""
    return _member(record, "traits")


def _flat(record: Mapping[str, Any]) -> Location:
    latitude, longitude = _point(record)
    return Location(
        country=_country(record.get("country_code")),
        region=_name(record.get("state1")),
        city=_name(record.get("city")),
        latitude=None if latitude is None else round(latitude, FLAT_DECIMALS),
        longitude=None if longitude is None else round(longitude, FLAT_DECIMALS),
        time_zone=_name(record.get("timezone")),
    )


def _nested(record: Mapping[str, Any]) -> Location:
    location = _member(record, "location")
    latitude, longitude = _point(location)
    radius = _number(location.get("accuracy_radius"), limit=MAX_RADIUS_KM)
    is_sure = latitude is not None and radius is not None and radius >= 0
    return Location(
        country=_country(_member(record, "country").get("iso_code")),
        registered_country=_country(_member(record, "registered_country").get("iso_code")),
        region=_name_in_english(_first(record.get("subdivisions"))),
        city=_name_in_english(_member(record, "city")),
        latitude=latitude,
        longitude=longitude,
        radius_km=round(radius) if is_sure and radius is not None else None,
        time_zone=_name(location.get("time_zone")),
    )


def _point(record: Mapping[str, Any]) -> tuple[float, float] | tuple[None, None]:
    latitude = _number(record.get("latitude"), limit=90)
    longitude = _number(record.get("longitude"), limit=180)
    if latitude is None or longitude is None:
        return None, None
    return latitude, longitude


def _country(code: Any) -> str | None:
    return code if isinstance(code, str) and _COUNTRY.fullmatch(code) else None


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

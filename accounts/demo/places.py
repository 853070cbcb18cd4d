"""Writes a small location database of our own with the company's IP addresses."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from .company import CITIES, City

NAMES = {
    "DE": "Germany",
    "FR": "France",
    "NO": "Norway",
    "GB": "United Kingdom",
    "US": "United States",
    "BR": "Brazil",
    "JP": "Japan",
    "KE": "Kenya",
    "IS": "Iceland",
}


def write_location_file(path: Path) -> None:
    """Write a city database over the documentation ranges (RFC 5737, RFC 3849)."""
    writer = MMDBWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="Sightline-Demo-City",
        languages=["en"],
        description="Invented places of the demo company",
    )
    for city in CITIES:
        writer.insert_network(IPSet([str(ipaddress.ip_network(city.network))]), _record(city))
    writer.to_db_file(str(path))


def _record(city: City) -> dict[str, object]:
    return {
        "city": {"names": {"en": city.name}},
        "country": {"iso_code": city.country, "names": {"en": NAMES[city.country]}},
        "subdivisions": [{"names": {"en": city.region}}],
        "location": {
            "latitude": city.latitude,
            "longitude": city.longitude,
            "accuracy_radius": city.radius_km,
            "time_zone": city.time_zone,
        },
    }

"""Where do the data set's addresses lie? Written as a city database."""

from __future__ import annotations

from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from .dataset import COUNTRIES, RARE_COUNTRY


def write_places(path: Path) -> None:
    """Write a city database that knows the addresses of all countries."""
    writer = MMDBWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="Sightline-Bench-City",
        languages=["en"],
        description="Invented places",
    )
    for block, country in enumerate((*COUNTRIES, RARE_COUNTRY)):
        for city in range(8):
            record = {
                "city": {"names": {"en": f"City {country} {city}"}},
                "country": {"iso_code": country},
                "subdivisions": [{"names": {"en": f"Region {country}"}}],
                "location": {
                    "latitude": float(block),
                    "longitude": float(city),
                    "accuracy_radius": 20,
                    "time_zone": "Europe/Berlin",
                },
            }
            writer.insert_network(IPSet([f"81.{block * 16 + city}.0.0/16"]), record)
    # The rare person's own network lies in the rare country.
    writer.insert_network(IPSet(["81.200.0.0/16"]), {"country": {"iso_code": RARE_COUNTRY}})
    writer.to_db_file(str(path))

"""What a location file says is what the readers of those who make such files say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from geoip2.database import Reader
from hypothesis import given, settings
from hypothesis import strategies as st
from maxminddb import open_database

from audit.enrich.location_records import MAX_RADIUS_KM, read_location, read_owner
from tests.location_files import ACME, LYON, OSLO, write_location_file

ADDRESS = "81.2.69.142"
NAMES = st.builds(lambda name: {"names": {"en": name}}, st.text("Aé 漢'-", min_size=1, max_size=9))
CODES = st.sampled_from(("FR", "NO", "GB", "ZZ"))
COUNTRIES = st.builds(lambda code: {"iso_code": code}, CODES)
POINTS = st.fixed_dictionaries(
    {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)},
    optional={
        "accuracy_radius": st.integers(1, MAX_RADIUS_KM),
        "time_zone": st.sampled_from(("Europe/Paris", "Asia/Tokyo")),
    },
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "city": NAMES,
        "country": COUNTRIES,
        "registered_country": COUNTRIES,
        "subdivisions": st.lists(NAMES, min_size=1, max_size=3),
        "location": POINTS,
    },
)


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    with TemporaryDirectory() as made:
        yield Path(made)


def as_geoip2_reads(path: Path) -> dict[str, Any]:
    with Reader(str(path)) as reader:
        city = reader.city(ADDRESS)
    return {
        "country": city.country.iso_code,
        "registered_country": city.registered_country.iso_code,
        "region": city.subdivisions[0].name if city.subdivisions else None,
        "city": city.city.name,
        "latitude": city.location.latitude,
        "longitude": city.location.longitude,
        "radius_km": city.location.accuracy_radius,
        "time_zone": city.location.time_zone,
    }


def as_we_read(path: Path) -> dict[str, Any]:
    with open_database(path) as reader:
        record = reader.get(ADDRESS)
    assert isinstance(record, dict)
    return asdict(read_location(record))


class TestReadLocation:
    @pytest.mark.parametrize("record", [LYON, OSLO])
    def test_says_what_geoip2_says(self, directory: Path, record: dict[str, Any]) -> None:
        path = write_location_file(directory / "city.mmdb", {"81.2.69.0/24": record})
        assert as_we_read(path) == as_geoip2_reads(path)

    @settings(deadline=None, max_examples=50)
    @given(RECORDS)
    def test_says_it_of_any_record(self, directory: Path, record: dict[str, Any]) -> None:
        path = write_location_file(directory / "city.mmdb", {"81.2.69.0/24": record})
        assert {n: v.strip() if isinstance(v, str) else v for n, v in as_we_read(path).items()} == {
            n: v.strip() or None if isinstance(v, str) else v
            for n, v in as_geoip2_reads(path).items()
        }


class TestReadOwner:
    def test_says_what_geoip2_says(self, directory: Path) -> None:
        path = write_location_file(
            directory / "asn.mmdb", {"81.2.0.0/16": ACME}, database_type="GeoLite2-ASN"
        )
        with Reader(str(path)) as reader:
            assert read_owner(ACME) == reader.asn(ADDRESS).autonomous_system_organization

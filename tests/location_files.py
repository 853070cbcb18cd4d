"""Location databases for tests, made where they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from mmdb_writer import MMDBWriter
from netaddr import IPSet

FloatType = Literal["f32", "f64"]

LYON: dict[str, Any] = {
    "city": {"names": {"en": "Lyon", "fr": "Lyon"}},
    "country": {"iso_code": "FR", "names": {"en": "France"}},
    "subdivisions": [{"names": {"en": "Auvergne-Rhône-Alpes"}}],
    "location": {
        "latitude": 45.75,
        "longitude": 4.85,
        "accuracy_radius": 20,
        "time_zone": "Europe/Paris",
    },
}
OSLO: dict[str, Any] = {
    "city": {"names": {"en": "Oslo"}},
    "country": {"iso_code": "NO"},
    "location": {"latitude": 59.91, "longitude": 10.75, "accuracy_radius": 5},
}
# As city files are packed flat: float32 coordinates, an empty text for what is unknown
FLAT_LYON: dict[str, Any] = {
    "country_code": "FR",
    "state1": "Auvergne-Rhône-Alpes",
    "state2": "",
    "city": "Lyon",
    "postcode": "",
    "latitude": 45.748501,
    "longitude": 4.846700,
    "timezone": "",
}
FLAT_NORWAY: dict[str, Any] = FLAT_LYON | {
    "country_code": "NO",
    "state1": "",
    "city": "",
    "latitude": 59.944901,
    "longitude": 10.7538,
    "timezone": "Europe/Oslo",
}
ACME: dict[str, Any] = {
    "autonomous_system_number": 64500,
    "autonomous_system_organization": "Acme Networks",
}


def write_location_file(
    path: Path,
    records: dict[str, Any],
    *,
    database_type: str = "Test-City",
    ip_version: int = 6,
    build_epoch: int | None = None,
    float_type: FloatType = "f64",
) -> Path:
    """records: network → what is said of it; the file takes its name at once, as a whole"""
    writer = MMDBWriter(
        ip_version=ip_version,
        ipv4_compatible=ip_version == 6,
        float_type=float_type,
        database_type=database_type,
        languages=["en"],
    )
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    ready = path.with_suffix(".new")
    writer.to_db_file(str(ready))
    if build_epoch is not None:
        ready.write_bytes(_rebuilt(ready.read_bytes(), build_epoch))
    ready.replace(path)
    return path


def _rebuilt(raw: bytes, epoch: int) -> bytes:
    """Set the build date: in the metadata, `build_epoch` is a 64-bit number in 4 bytes."""
    at = raw.rindex(b"build_epoch") + len(b"build_epoch")
    kind, size = raw[at + 1], raw[at] & 0x1F
    assert (kind, size) == (2, 4), "an extended type (uint64) of four bytes"
    return raw[: at + 2] + epoch.to_bytes(4, "big") + raw[at + 6 :]

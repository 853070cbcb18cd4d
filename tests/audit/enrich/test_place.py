"""Where is an address, as far as a file says, and what if the file says nonsense?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.enrich.place import Place, has_places, locate, places_build_dates
from tests.location_files import (
    ACME,
    FLAT_LYON,
    FLAT_NORWAY,
    LYON,
    OSLO,
    write_location_file,
)

Use = Callable[..., None]


@pytest.fixture
def use(settings: Any) -> Use:
    def configure(city: Path | str = "", asn: Path | str = "") -> None:
        settings.AUDIT = {
            **settings.AUDIT,
            "GEOIP_CITY_PATH": str(city),
            "GEOIP_ASN_PATH": str(asn),
        }

    return configure


@pytest.fixture
def cities(tmp_path: Path, use: Use) -> Path:
    path = write_location_file(
        tmp_path / "city.mmdb",
        {"81.2.69.0/24": LYON, "2a02:cf40::/29": OSLO, "203.0.113.0/24": OSLO},
        build_epoch=1_700_000_000,
    )
    use(city=path)
    return path


class TestLocate:
    def test_says_all_that_the_file_knows(self, cities: Path) -> None:
        place = locate("81.2.69.142")
        assert place is not None
        assert place == Place(
            kind="city",
            country="FR",
            region="Auvergne-Rhône-Alpes",
            city="Lyon",
            latitude=45.75,
            longitude=4.85,
            radius_km=20,
            time_zone="Europe/Paris",
            build_date=place.build_date,
        )
        assert str(place.build_date) == "2023-11-14"

    def test_finds_addresses_of_both_versions(self, cities: Path) -> None:
        place = locate("2a02:cf40::1")
        assert place is not None
        assert (place.city, place.region, place.time_zone) == ("Oslo", None, None)

    @pytest.mark.parametrize("address", ["::ffff:81.2.69.142", "::ffff:5102:458e"])
    def test_takes_a_mapped_address_for_the_one_that_it_is(
        self, cities: Path, address: str
    ) -> None:
        assert locate(address) == locate("81.2.69.142")

    @pytest.mark.parametrize(
        "address",
        [
            pytest.param("64:ff9b::5102:458e", id="translated"),
            pytest.param("64:ff9b::81.2.69.142", id="translated, its end as IPv4"),
            pytest.param("2002:5102:458e::1", id="6to4"),
            # The client's last 32 bits are inverted; the server, 203.0.113.7, lies in Oslo.
            pytest.param("2001:0:cb00:7107:0:f227:aefd:ba71", id="Teredo"),
        ],
    )
    def test_takes_an_address_that_carries_the_clients_for_that(
        self, cities: Path, address: str
    ) -> None:
        assert locate(address) == locate("81.2.69.142")

    def test_knows_nothing_of_an_address_that_the_file_lacks(self, cities: Path) -> None:
        assert locate("9.9.9.9") is None

    def test_adds_the_networks_owner(self, cities: Path, tmp_path: Path, use: Use) -> None:
        owners = write_location_file(
            tmp_path / "asn.mmdb", {"81.2.0.0/16": ACME}, database_type="Test-ASN"
        )
        use(city=cities, asn=owners)
        place = locate("81.2.69.142")
        assert place is not None
        assert (place.organisation, place.network) == ("Acme Networks", "81.2.0.0/16")
        assert place.city == "Lyon"

    def test_knows_the_owner_alone(self, tmp_path: Path, use: Use) -> None:
        use(
            asn=write_location_file(tmp_path / "a.mmdb", {"81.2.0.0/16": ACME}, database_type="ASN")
        )
        place = locate("81.2.69.142")
        assert place is not None
        assert (place.kind, place.country, place.organisation) == ("network", None, "Acme Networks")

    @pytest.mark.parametrize(
        ("address", "kind"),
        [
            pytest.param("10.1.2.3", "private network", id="private"),
            pytest.param("192.168.0.1", "private network", id="private at home"),
            pytest.param("::ffff:10.1.2.3", "private network", id="private, mapped"),
            pytest.param("fd00::1", "private network", id="private, of version 6"),
            pytest.param("127.0.0.1", "loopback", id="loopback"),
            pytest.param("::1", "loopback", id="loopback of version 6"),
            pytest.param("169.254.1.1", "link-local", id="link-local"),
            pytest.param("fe80::1", "link-local", id="link-local of version 6"),
            pytest.param("100.64.0.1", "carrier network", id="behind a carrier"),
            pytest.param("224.0.0.1", "multicast", id="multicast"),
            pytest.param("198.51.100.7", "documentation", id="documentation"),
            pytest.param("0.0.0.0", "unspecified", id="unspecified"),
            pytest.param("::81.2.69.142", "reserved", id="IPv4-compatible, long given up"),
            pytest.param("64:ff9b::10.1.2.3", "private network", id="private, translated"),
        ],
    )
    def test_special_ip_addresses_have_a_kind_and_no_place(
        self, cities: Path, address: str, kind: str
    ) -> None:
        assert locate(address) == Place(kind=kind)

    def test_looks_documentation_up_since_a_demo_lives_there(self, cities: Path) -> None:
        place = locate("203.0.113.9")
        assert place is not None
        assert place.city == "Oslo"


class TestMissingAndWrongMembers:
    @pytest.mark.parametrize(
        ("record", "expected"),
        [
            pytest.param({}, None, id="nothing"),
            pytest.param(
                {"country": {"iso_code": "FR"}}, Place(kind="country", country="FR"), id="a country"
            ),
            pytest.param(
                {"registered_country": {"iso_code": "FR"}},
                Place(kind="registered in FR"),
                id="where it is registered",
            ),
            pytest.param(
                {
                    "registered_country": {"iso_code": "US"},
                    "location": {"latitude": 47.0, "longitude": 8.0, "accuracy_radius": 1000},
                },
                Place(kind="registered in US", latitude=47.0),
                id="registered in one country, used near a point in another",
            ),
            pytest.param(
                {"location": {"latitude": 47.0, "longitude": 8.0}},
                Place(kind="point", latitude=47.0),
                id="a point alone",
            ),
            pytest.param(
                {"country": {"iso_code": "FR"}, "subdivisions": [{"names": {"de": "Rhône"}}]},
                Place(kind="region", country="FR", region="Rhône"),
                id="a name in another language",
            ),
            pytest.param({"country": {"iso_code": "France"}}, None, id="no code"),
            pytest.param({"country": "FR", "city": []}, None, id="other shapes"),
            pytest.param(
                {"country": {"iso_code": "FR"}, "location": {"latitude": 45.7}},
                Place(kind="country", country="FR"),
                id="half a point",
            ),
            pytest.param(
                {"country": {"iso_code": "FR"}, "location": {"latitude": 991.0, "longitude": 4.8}},
                Place(kind="country", country="FR"),
                id="a point that is none",
            ),
            pytest.param(
                {"city": {"names": {"en": "a\x00b\u202e"}}},
                Place(kind="city", city="ab"),
                id="letters that can't be printed",
            ),
        ],
    )
    def test_a_record_says_what_it_can(
        self, tmp_path: Path, use: Use, record: dict[str, Any], expected: Place | None
    ) -> None:
        use(city=write_location_file(tmp_path / "c.mmdb", {"81.2.69.0/24": record}))
        place = locate("81.2.69.142")
        if expected is None:
            assert place is None
        else:
            assert place is not None
            assert (place.kind, place.country, place.region, place.city, place.latitude) == (
                expected.kind,
                expected.country,
                expected.region,
                expected.city,
                expected.latitude,
            )

    def test_a_file_of_version_4_knows_no_address_of_version_6(
        self, tmp_path: Path, use: Use
    ) -> None:
        use(city=write_location_file(tmp_path / "4.mmdb", {"81.2.69.0/24": LYON}, ip_version=4))
        assert locate("2a02:cf40::1") is None
        found = locate("81.2.69.142")
        assert found is not None
        assert found.city == "Lyon"


class TestFlatFiles:
    """City files as they are packed flat, one for IPv4 and one for IPv6"""

    @pytest.fixture
    def ipv4(self, tmp_path: Path) -> Path:
        return write_location_file(
            tmp_path / "ipv4.mmdb",
            {"81.2.69.0/24": FLAT_LYON, "1.2.3.0/24": FLAT_NORWAY},
            database_type="city ipv4",
            ip_version=4,
            float_type="f32",
            build_epoch=1_700_000_000,
        )

    @pytest.fixture
    def ipv6(self, tmp_path: Path) -> Path:
        return write_location_file(
            tmp_path / "ipv6.mmdb",
            {"2a02:cf40::/29": FLAT_NORWAY},
            database_type="city ipv6",
            float_type="f32",
            build_epoch=1_600_000_000,
        )

    def test_say_all_that_they_know(self, ipv4: Path, use: Use) -> None:
        use(city=ipv4)
        place = locate("81.2.69.142")
        assert place == Place(
            kind="city",
            country="FR",
            region="Auvergne-Rhône-Alpes",
            city="Lyon",
            latitude=45.7485,
            longitude=4.8467,
            build_date=date(2023, 11, 14),
        )

    def test_know_nothing_where_a_text_is_empty(self, ipv4: Path, use: Use) -> None:
        use(city=ipv4)
        place = locate("1.2.3.4")
        assert place is not None
        assert (place.kind, place.country, place.region, place.city, place.time_zone) == (
            *("country", "NO", None, None),
            "Europe/Oslo",
        )

    def test_are_read_two_at_once(self, ipv4: Path, ipv6: Path, use: Use) -> None:
        use(city=f"{ipv6}:{ipv4}")
        found = [locate(address) for address in ("81.2.69.142", "2a02:cf40::1")]
        assert [place.country if place else None for place in found] == ["FR", "NO"]
        assert [str(day) for day in places_build_dates()] == ["2023-11-14", "2020-09-13"]

    def test_of_ipv6_alone_know_no_address_of_ipv4(self, ipv6: Path, use: Use) -> None:
        use(city=ipv6)
        assert locate("81.2.69.142") is None
        assert [day is None for day in places_build_dates()] == [True, False]

    def test_of_networks_are_read_two_at_once(self, tmp_path: Path, use: Use) -> None:
        of = {"asn4": {"81.2.0.0/16": ACME}, "asn6": {"2a02:cf40::/29": ACME}}
        paths = [
            write_location_file(tmp_path / name, records, database_type="asn ipv6")
            for name, records in of.items()
        ]
        use(asn=":".join(map(str, paths)))
        found = [locate(address) for address in ("81.2.69.142", "2a02:cf40::1")]
        assert [place.network if place else None for place in found] == [
            *("81.2.0.0/16", "2a02:cf40::/29")
        ]


def wrong_addresses() -> list[str]:
    """200 texts that are no address, of every kind that is easily mistaken for one."""
    octets = [
        f"81.2.69.{tail}" for tail in ("256", "-1", "1e1", "", "0x1", "1.1", "a", " ", "1 2", "٣")
    ]
    ports = [f"81.2.69.142:{port}" for port in ("x", "-1", 123_456)]
    zones = [f"fe80::{n}%{zone}" for n in range(10) for zone in ("eth0", "1", "<b>", "")]
    groups = [":".join(["1"] * n) for n in (1, 2, 3, 4, 5, 6, 7, 9, 10, 20)]
    doubles = [f"{n}::1::{n}" for n in range(1, 21)]
    leading = [f"081.2.69.{n}" for n in range(20)] + [f"81.02.69.{n}" for n in range(20)]
    networks = [f"81.2.69.0/{n}" for n in range(33)]
    words = [
        "localhost",
        "unknown",
        "null",
        "-",
        "example.com",
        "::g",
        "[::1",
        "1.2.3",
        "1",
        ":::",
    ]
    hostile = [
        "\0",
        "81.2.69.142\0",
        "' OR 1=1",
        "<script>",
        "😀",
        "\ud800",
        "1" * 46,
        ":" * 45,
    ]
    joined = [f"unknown, 81.2.69.{n}" for n in range(40)]
    every = octets + ports + zones + groups + doubles + leading + networks + words + hostile
    return list(dict.fromkeys(every + joined))[:200]


WRONG = wrong_addresses()


class TestWrongAddresses:
    @pytest.mark.parametrize("address", WRONG, ids=range(len(WRONG)))
    def test_what_is_no_address_has_no_place(self, cities: Path, address: str) -> None:
        assert locate(address) is None

    def test_there_are_two_hundred_kinds(self) -> None:
        assert len(set(WRONG)) == 200

    @given(address=st.one_of(st.none(), st.text(), st.ip_addresses().map(str)))
    @settings(deadline=None)
    def test_no_text_makes_it_fail(self, address: str | None) -> None:
        place = locate(address)
        assert place is None or place.kind


class TestWithoutAFile:
    def test_everything_works_and_nothing_is_known(self, use: Use) -> None:
        use()
        assert locate("81.2.69.142") is None
        assert locate("10.0.0.1") == Place(kind="private network")
        assert not has_places()
        assert places_build_dates() == (None, None)

    def test_a_missing_file_is_no_file(self, tmp_path: Path, use: Use) -> None:
        use(city=tmp_path / "not-there.mmdb")
        assert locate("81.2.69.142") is None
        assert not has_places()

    def test_with_a_file_there_are_places(self, cities: Path) -> None:
        assert has_places()
        assert [str(day) for day in places_build_dates()] == ["2023-11-14"] * 2

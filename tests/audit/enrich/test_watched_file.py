"""Is a file that is replaced taken up, and one that is broken refused by name?"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from audit.enrich.watched_file import CHECK_SECONDS, DatabaseKind, WatchedFile
from tests.location_files import ACME, LYON, OSLO, write_location_file

ADDRESS = "81.2.69.142"


CITIES = DatabaseKind(
    foreign_types=("ASN",),
    has_answer=lambda record: "city" in record,
    content="where its addresses lie",
)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def move_on(self) -> None:
        self.now += CHECK_SECONDS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_location_file(tmp_path / "city.mmdb", {"81.2.69.0/24": LYON})


@pytest.fixture
def watched(path: Path, clock: Clock) -> WatchedFile:
    return WatchedFile(str(path), kind=CITIES, clock=clock)


def city_of(watched: WatchedFile) -> str | None:
    database = watched.current()
    if database is None:
        return None
    record = database.reader.get(ADDRESS)
    assert isinstance(record, dict)
    return record["city"]["names"]["en"]  # type: ignore[index,call-overload]


class TestWatchedFile:
    def test_serves_the_file(self, watched: WatchedFile) -> None:
        assert city_of(watched) == "Lyon"

    def test_takes_up_a_file_that_was_replaced(
        self, watched: WatchedFile, path: Path, clock: Clock
    ) -> None:
        before = watched.current()
        write_location_file(path, {"81.2.69.0/24": OSLO})
        clock.move_on()
        assert city_of(watched) == "Oslo"
        assert watched.current() is not before

    def test_looks_no_more_than_once_a_second(self, watched: WatchedFile, path: Path) -> None:
        assert city_of(watched) == "Lyon"
        write_location_file(path, {"81.2.69.0/24": OSLO})
        assert city_of(watched) == "Lyon"

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"no database at all", id="a text"),
            pytest.param(b"\xab\xcd\xefMaxMind.com" + b"\xff" * 64, id="metadata that is none"),
        ],
    )
    def test_refuses_a_broken_file_by_name_and_serves_the_old_one(
        self,
        watched: WatchedFile,
        path: Path,
        clock: Clock,
        content: bytes,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        assert city_of(watched) == "Lyon"
        path.write_bytes(content)
        clock.move_on()
        with caplog.at_level(logging.WARNING):
            assert city_of(watched) == "Lyon"
        assert str(path) in caplog.text
        assert "stays in use" in caplog.text

    def test_refuses_a_file_that_was_cut_off(
        self, watched: WatchedFile, path: Path, clock: Clock
    ) -> None:
        assert city_of(watched) == "Lyon"
        path.write_bytes(path.read_bytes()[:-40])
        clock.move_on()
        assert city_of(watched) == "Lyon"

    def test_refuses_a_file_of_another_kind(
        self, watched: WatchedFile, path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert city_of(watched) == "Lyon"
        write_location_file(path, {"81.2.69.0/24": ACME}, database_type="GeoLite2-ASN")
        clock.move_on()
        assert city_of(watched) == "Lyon"
        assert "GeoLite2-ASN" in caplog.text

    def test_refuses_a_file_whose_records_say_something_else(
        self, watched: WatchedFile, path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert city_of(watched) == "Lyon"
        write_location_file(
            path, {"81.2.69.0/24": {"town": "Lyon", "lat": "45.7"}}, database_type="Own"
        )
        clock.move_on()
        assert city_of(watched) == "Lyon"
        assert "'Own'" in caplog.text
        assert "their members: town, lat" in caplog.text

    @pytest.mark.parametrize(
        ("records", "ip_version", "versions"),
        [
            pytest.param({"81.2.69.0/24": LYON}, 4, {4}, id="version 4"),
            pytest.param({"2a02:cf40::/29": OSLO}, 6, {6}, id="version 6 alone"),
            pytest.param({"81.2.69.0/24": LYON}, 6, {4, 6}, id="of version 6, with 4 inside"),
        ],
    )
    def test_tells_which_addresses_a_file_holds(
        self,
        path: Path,
        watched: WatchedFile,
        records: dict[str, Any],
        ip_version: int,
        versions: set[int],
    ) -> None:
        write_location_file(path, records, ip_version=ip_version)
        database = watched.current()
        assert database is not None
        assert database.versions == versions

    def test_serves_on_when_the_file_goes_away_and_takes_it_up_when_it_comes_back(
        self, watched: WatchedFile, path: Path, clock: Clock
    ) -> None:
        assert city_of(watched) == "Lyon"
        path.unlink()
        clock.move_on()
        assert city_of(watched) == "Lyon"
        write_location_file(path, {"81.2.69.0/24": OSLO})
        clock.move_on()
        assert city_of(watched) == "Oslo"

    def test_survives_that_the_file_is_overwritten_in_place(
        self, watched: WatchedFile, path: Path
    ) -> None:
        database = watched.current()
        assert database is not None
        path.write_bytes(b"\0" * 10)
        assert isinstance(database.reader.get(ADDRESS), dict)

    def test_refuses_a_pipe(
        self, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        watched = WatchedFile(str(pipe), kind=CITIES, clock=clock)
        assert watched.current() is None
        assert "no regular file" in caplog.text

    def test_says_once_that_there_is_no_file(
        self, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        watched = WatchedFile(str(tmp_path / "none"), kind=CITIES, clock=clock)
        for _ in range(3):
            assert watched.current() is None
            clock.move_on()
        assert caplog.text.count("No location database") == 1

"""The newer of the system's rules and the pinned ones, for every process of the product."""

from __future__ import annotations

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.zones import use_newest_zone_rules, version_of
from tests.zones import going_by, write_rules

# Winnipeg is six hours behind in January; where it is UTC, the directory was asked.
JANUARY = datetime(2026, 1, 15, tzinfo=UTC)


def winnipeg() -> float:
    """Hours from UTC in Winnipeg."""
    offset = JANUARY.astimezone(ZoneInfo("America/Winnipeg")).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3600


class TestUseNewest:
    @pytest.mark.parametrize(
        ("version", "expected"),
        [
            pytest.param("2000a", -6, id="older"),
            pytest.param("9000a", 0, id="newer"),
            pytest.param(None, -6, id="not said"),
            pytest.param("unknown", -6, id="unknown"),
        ],
    )
    def test_takes_the_systems_only_where_they_are_newer(
        self, tmp_path: Path, version: str | None, expected: int
    ) -> None:
        system = write_rules(tmp_path / "system", version=version, Winnipeg="UTC")
        with going_by(tmp_path / "nowhere", system):
            assert winnipeg() == 0
            use_newest_zone_rules()
            assert winnipeg() == expected

    def test_takes_the_pinned_where_the_system_has_none(self, tmp_path: Path) -> None:
        with going_by(tmp_path / "nowhere"):
            use_newest_zone_rules()
            assert winnipeg() == -6

    def test_holds_for_every_command(self, tmp_path: Path) -> None:
        system = write_rules(tmp_path / "system", version="2000a", Winnipeg="UTC")
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                "from django.conf import settings; settings.TIME_ZONE\n"
                "from datetime import datetime; from zoneinfo import ZoneInfo\n"
                "print(datetime(2026, 1, 15, tzinfo=ZoneInfo('America/Winnipeg')).isoformat())",
            ],
            env={
                **os.environ,
                "PYTHONTZPATH": str(system),
                "DATA_DIR": str(tmp_path / "data"),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == "2026-01-15T00:00:00-06:00"

    def test_leaves_what_tests_see_as_the_product_does(self) -> None:
        before = zoneinfo.TZPATH
        use_newest_zone_rules()
        assert before == zoneinfo.TZPATH


class TestVersions:
    def test_follow_one_another_as_they_came_out(self) -> None:
        lines = ["2025b", "2025z", "2025aa", "2026a"]
        versions = [version_of(f"# version {each}\n") for each in lines]
        assert None not in versions
        assert versions == sorted(versions)  # type: ignore[type-var]

    def test_may_have_more_behind(self) -> None:
        assert version_of("# version 2025b-0+deb12u2") == version_of("# version 2025b")

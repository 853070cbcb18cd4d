"""Where the database lies: in DATA_DIR, where its user can get at it, or it is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.errors import CannotStart
from config.postgres import location
from config.postgres.system_user import postgres_user

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands data to another user")
USER = "sightline"


class TestDataDirectory:
    def test_is_in_the_data_dir_of_an_ordinary_user(self, tmp_path: Path) -> None:
        assert location.data_directory(tmp_path, None) == tmp_path / "postgres"

    def test_follows_a_link_that_an_earlier_start_made(self, tmp_path: Path) -> None:
        real = tmp_path / "elsewhere" / "postgres"
        real.mkdir(parents=True)
        (tmp_path / "postgres").symlink_to(real)
        assert location.data_directory(tmp_path, None) == real

    def test_says_that_what_a_link_leads_to_is_gone(self, tmp_path: Path) -> None:
        (tmp_path / "postgres").symlink_to(tmp_path / "gone" / "postgres")
        with pytest.raises(CannotStart, match="gone/postgres, which is gone"):
            location.data_directory(tmp_path, None)

    @needs_root
    def test_lies_elsewhere_where_the_user_cant_pass(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shared = tmp_path / "shared"
        monkeypatch.setattr(location, "SHARED_DIR", shared)
        private = tmp_path / "private"
        private.mkdir(mode=0o700)
        found = location.data_directory(private, postgres_user(USER))
        assert found.is_relative_to(shared)
        assert (private / "postgres").resolve() == found

    @needs_root
    def test_says_whose_the_data_must_be(self, tmp_path: Path) -> None:
        data = tmp_path / "postgres"
        data.mkdir(mode=0o700)
        (data / "PG_VERSION").write_text("18")
        with pytest.raises(CannotStart, match=f"chown -R {USER} "):
            location.data_directory(tmp_path, postgres_user(USER))


class TestSocketDirectory:
    def test_is_short_and_nobody_elses(self, tmp_path: Path) -> None:
        deep = tmp_path / ("d" * 100) / ("e" * 100)
        deep.mkdir(parents=True)
        path = location.socket_directory(deep, None)
        assert len(f"{path}/.s.PGSQL.65535".encode()) < 107
        assert path.stat().st_mode & 0o777 == 0o700

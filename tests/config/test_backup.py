"""A backup that isn't whole is named before anything is restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.backup.manifest import (
    DATABASE,
    FORMAT,
    NAME,
    Manifest,
    check_files,
    describe_files,
    read_manifest,
    write_manifest,
)
from config.errors import CannotStart


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A directory that looks like a backup."""
    database = tmp_path / DATABASE
    database.mkdir()
    (database / "toc.dat").write_bytes(b"what is in it")
    (database / "3000.dat.gz").write_bytes(b"rows" * 100)
    write_manifest(
        tmp_path,
        Manifest(
            format=FORMAT,
            made_at="2026-11-28T00:00:00+00:00",
            postgres="18.6",
            events={"prod": 4},
            files=describe_files(database),
        ),
    )
    return tmp_path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    path.write_bytes(b"R" + path.read_bytes()[1:])


class TestCheckFiles:
    def test_a_whole_one_passes(self, backup: Path) -> None:
        check_files(backup, read_manifest(backup))

    @pytest.mark.parametrize("harm", [cut, change, Path.unlink])
    @pytest.mark.parametrize("name", ["toc.dat", "3000.dat.gz"])
    def test_names_the_file_that_is_damaged(
        self, backup: Path, name: str, harm: Callable[[Path], None]
    ) -> None:
        path = backup / DATABASE / name
        harm(path)
        with pytest.raises(CannotStart, match=f"^{path} is "):
            check_files(backup, read_manifest(backup))

    def test_names_a_file_that_does_not_belong_there(self, backup: Path) -> None:
        path = backup / DATABASE / "9999.dat.gz"
        path.write_bytes(b"")
        with pytest.raises(CannotStart, match=f"^{path} doesn't belong"):
            check_files(backup, read_manifest(backup))

    def test_names_a_directory_without_files(self, backup: Path) -> None:
        manifest = read_manifest(backup)
        (backup / DATABASE).rename(backup / "elsewhere")
        with pytest.raises(CannotStart, match="can't be read: No such file"):
            check_files(backup, manifest)


class TestReadManifest:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "is damaged"),
            ("{}", "is damaged: Object missing required field"),
            (
                '{"format": 2, "made_at": "", "postgres": "", "events": {}, "files": {}}',
                "was made by another version .format 2, this one reads 1.",
            ),
        ],
    )
    def test_says_what_is_wrong(self, backup: Path, text: str, says: str) -> None:
        (backup / NAME).write_text(text)
        with pytest.raises(CannotStart, match=says):
            read_manifest(backup)

    def test_says_where_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(CannotStart, match="is no backup"):
            read_manifest(tmp_path)

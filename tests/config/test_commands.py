"""A command that has no database to work on says so, and makes none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.acceptance.installation import ROOT


def manage(data_dir: Path, *words: str, **variables: str) -> str:
    """Return what a command says that fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(data_dir)} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


class TestCommand:
    @pytest.mark.parametrize("words", [("environment", "list"), ("ingest_key", "list")])
    def test_makes_no_database_where_nothing_was_started(
        self, tmp_path: Path, words: tuple[str, ...]
    ) -> None:
        said = manage(tmp_path / "data", *words)
        assert f"There is no database in {tmp_path / 'data'}" in said
        assert "DATABASE_URL" in said
        assert not (tmp_path / "data").exists()

    def test_starts_nothing_where_start_is_asked_for_help(self, tmp_path: Path) -> None:
        for words, status in ((["--help"], 0), (["now"], 2)):
            done = subprocess.run(
                [sys.executable, ROOT / "manage.py", "start", *words],
                env=os.environ | {"DATA_DIR": str(tmp_path / "data")},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == status
            assert "It takes no options" in done.stdout + done.stderr
        assert not (tmp_path / "data").exists()

    def test_names_a_database_that_cant_be_reached(self, tmp_path: Path) -> None:
        url = "postgres://a:b@127.0.0.1:1/d"
        said = manage(tmp_path, "environment", "list", DATABASE_URL=url)
        assert said.startswith("The database did not do it:")

    def test_names_a_database_without_our_tables(self, tmp_path: Path) -> None:
        given = connection.settings_dict
        login = f"{given['USER']}:{quote(given['PASSWORD'], safe='')}"
        url = f"postgres://{login}@:{given['PORT']}/{quote(given['HOST'])}/postgres"
        said = manage(tmp_path, "environment", "list", DATABASE_URL=url)
        assert "start it once" in said

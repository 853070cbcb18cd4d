"""What keeps the product from starting is said in one sentence, without a traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from config.postgres.system_user import postgres_user
from tests.acceptance.installation import ROOT, free_port


def start(data_dir: Path, **variables: str) -> str:
    """Return what a start that fails says."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "start"],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(data_dir), "PORT": str(free_port())} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


class TestStart:
    def test_names_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert f"make run PORT={port + 1}" in start(tmp_path / "data", PORT=str(port))

    def test_names_a_data_dir_that_cant_be_written_to(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        said = start(tmp_path / "file" / "data")
        assert "Not a directory; give DATA_DIR a directory that you may write to" in said

    def test_names_the_way_up_from_another_major_version(self) -> None:
        # Not in pytest's own directory: the user that PostgreSQL runs as can't pass through it.
        with tempfile.TemporaryDirectory() as directory:
            Path(directory).chmod(0o755)
            data = Path(directory) / "data" / "postgres"
            data.mkdir(parents=True)
            (data / "PG_VERSION").write_text("15\n")
            user = postgres_user("sightline")
            if user is not None:
                shutil.chown(data, user.uid, user.gid)
            said = start(Path(directory) / "data")
        assert "of PostgreSQL 15" in said
        assert "pg_dump" in said

    def test_names_https_without_a_proxy_that_says_so(self, tmp_path: Path) -> None:
        # The database of nobody is not asked for what the settings tell by themselves.
        said = start(
            tmp_path / "data", BEHIND_HTTPS="on", DATABASE_URL="postgres://a:b@127.0.0.1:1/d"
        )
        assert "sightline.E001" in said
        assert "Set TRUSTED_PROXIES" in said

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            pytest.param("mysql://a:b@c/d", "only PostgreSQL will do", id="not PostgreSQL"),
            pytest.param(
                "postgres://a:b@127.0.0.1:1/d", "The database can't be reached", id="nobody there"
            ),
        ],
    )
    def test_names_a_database_that_cant_be_used(
        self, tmp_path: Path, url: str, sentence: str
    ) -> None:
        assert sentence in start(tmp_path / "data", DATABASE_URL=url)

    @pytest.mark.parametrize("variable", ["DATABASE_URL", "DATABASE_WORKER_URL"])
    def test_names_a_login_to_another_database(self, tmp_path: Path, variable: str) -> None:
        given = connection.settings_dict
        login = f"{given['USER']}:{quote(given['PASSWORD'], safe='')}"
        server = f"postgres://{login}@:{given['PORT']}/{quote(given['HOST'])}"
        variables = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), f"{server}/postgres")
        said = start(tmp_path / "data", **variables | {variable: f"{server}/template1"})
        assert f"{variable} leads to another database ('template1')" in said

"""The next Django takes the product and the app: it is checked, migrated, and a host's story told.

In an environment of its own, `.venv-next`, kept while requirements/next.txt stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from config.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-next"
LOCK = ROOT / "requirements" / "next.txt"
PYTHON_NAMES = ("python3.13", "python3.12")
NAME = "nextdjango"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("next django")]


@pytest.fixture(scope="module")
def python() -> Path:
    """An interpreter of the environment with the next Django."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / "stamp"
    if not stamp.exists() or stamp.read_text() != digest:
        found = next(filter(can_make_venv, candidates()), None)
        if found is None:
            pytest.skip(f"none of {', '.join(PYTHON_NAMES)} is here, which the next Django needs")
        shutil.rmtree(VENV, ignore_errors=True)
        run(found, "-m", "venv", str(VENV))
        pip = [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes"]
        done = subprocess.run([*pip, "-r", LOCK], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"the next Django can't be installed: {done.stderr[-500:]}")
        stamp.write_text(digest)
    return VENV / "bin" / "python"


def candidates() -> Iterator[str]:
    """Yield interpreters on the path, then those of pyenv."""
    yield from filter(None, map(shutil.which, PYTHON_NAMES))
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for name in PYTHON_NAMES:
        version = name.removeprefix("python")
        yield from map(str, root.glob(f"versions/{version}*/bin/{name}"))


def can_make_venv(name: str) -> bool:
    done = subprocess.run([name, "-c", "import ensurepip, ssl, venv"], capture_output=True)
    return done.returncode == 0


def run(python: str | Path, *arguments: str, **variables: str) -> str:
    # Each answers for itself: nothing of the product's own environment goes along.
    given = {k: v for k, v in os.environ.items() if k not in ("DATA_DIR", "PYTHONPATH")}
    done = subprocess.run(
        [python, *arguments], cwd=ROOT, env=given | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> Iterator[str]:
    with psycopg.connect(cluster.owner_conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD 'next'")
        for name in (NAME, f"{NAME}_host"):
            connection.execute(f"CREATE DATABASE {name} OWNER {NAME}")
        info = connection.info
        yield f"postgres://{NAME}:next@:{info.port}/{quote(info.host)}/{NAME}"
        for name in (NAME, f"{NAME}_host"):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP ROLE {NAME}")


class TestNextDjango:
    def test_is_the_next(self, python: Path) -> None:
        assert run(python, "-m", "django", "--version").strip().startswith("6.1")

    def test_takes_the_product(self, python: Path, database: str, tmp_path: Path) -> None:
        variables = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": database,
        }
        run(python, "-W", "error", "manage.py", "migrate", "--verbosity", "0", **variables)
        run(python, "-W", "error", "manage.py", "makemigrations", "--check", **variables)
        said = run(
            python, "-W", "error", "manage.py", "check", "--fail-level", "WARNING", **variables
        )
        assert "no issues" in said

    def test_takes_the_app_in_a_hosts_project(self, python: Path, database: str) -> None:
        variables = {
            "DJANGO_SETTINGS_MODULE": "tests.hostproject.settings",
            "HOST_DATABASE_URL": f"{database}_host",
        }
        told = json.loads(run(python, "-W", "error", "-m", "tests.hostproject.story", **variables))
        assert told["done"] == ["recorded", 1, 1, 1, 1]
        assert told["page"][0] == 200
        run(
            python,
            "-W",
            "error",
            "-m",
            "django",
            "test",
            "tests.hostproject.suite.TestEmptying",
            **variables,
        )

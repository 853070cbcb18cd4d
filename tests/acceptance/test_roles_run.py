"""`manage.py roles --run` on somebody else's server, by a login that may make roles and no more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from audit.roles import ROLES
from config.postgres.binaries import find_binaries
from tests.acceptance.installation import ROOT, Installation, post

from .external_server import USER, server, socket_of

LOGINS = ("web", "worker", "reader")
NAMED = tuple(word for name in LOGINS for word in (f"--{name}", f"log_{name}"))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with server(find_binaries(USER)) as port:
        yield port


@pytest.fixture
def database(port: int) -> Iterator[Any]:
    """A database of a login's that may make roles; the logins are its own, and hold nothing yet."""
    with superuser(port) as connection:
        for name in ("log_owner CREATEROLE", "poor_owner"):
            connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
        connection.execute("CREATE DATABASE log OWNER log_owner")
    with psycopg.connect(conninfo(port, "log_owner"), autocommit=True) as owner:
        for name in LOGINS:
            owner.execute(f"CREATE ROLE log_{name} LOGIN PASSWORD 'secret'")
    yield port
    with superuser(port) as connection:
        connection.execute("DROP DATABASE log WITH (FORCE)")
        for name in (*(f"log_{name}" for name in LOGINS), *ROLES, "log_owner", "poor_owner"):
            connection.execute(f"DROP ROLE IF EXISTS {name}")


def superuser(port: int) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(socket_of(port)), port=port, user="postgres", dbname="postgres", autocommit=True
    )


def conninfo(port: int, login: str) -> str:
    return make_conninfo(url(port, login))


def url(port: int, login: str) -> str:
    return f"postgres://{login}:secret@127.0.0.1:{port}/log"


def variables(port: int, owner: str = "log_owner") -> dict[str, str]:
    return {
        "DEMO": "off",
        "DATABASE_OWNER_URL": url(port, owner),
        "DATABASE_URL": url(port, "log_web"),
        "DATABASE_WORKER_URL": url(port, "log_worker"),
        "DATABASE_READER_URL": url(port, "log_reader"),
    }


def run_roles(installation: Installation) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "roles", "--run", *NAMED],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestRun:
    def test_makes_all_that_a_start_wants(
        self, database: int, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        installation = Installation(tmp_path_factory.mktemp("run"), variables(database))
        for _ in range(2):  # before there are tables, and once more
            done = run_roles(installation)
            assert (done.returncode, done.stdout) == (
                0,
                "The roles are there, and may what they should.\n",
            ), done.stderr
        try:
            installation.start()
            installation.manage("environment", "create", "prod", "--production")
            named = ("--environment", "prod", "--name", "a")
            key = installation.manage("ingest_key", "create", *named)
            with httpx.Client(timeout=20) as client:
                sent = post(client, installation.address, key, [{"type": "X"}])
                assert sent.status_code == 201, sent.text
            with psycopg.connect(conninfo(database, "log_owner"), autocommit=True) as owner:
                installation.wait(lambda: _sealed(owner) == 1, 30)
                self.check_walls(owner, database)
            assert run_roles(installation).returncode == 0
        finally:
            installation.stop()

    def check_walls(self, owner: psycopg.Connection[Any], port: int) -> None:
        for login in LOGINS:
            with psycopg.connect(conninfo(port, f"log_{login}"), autocommit=True) as connection:
                assert connection.execute("SELECT count(*) FROM audit_event").fetchone() == (1,)
                for statement in ("UPDATE audit_event SET head = 'x'", "DELETE FROM audit_event"):
                    with pytest.raises(
                        (
                            psycopg.errors.InsufficientPrivilege,
                            psycopg.errors.ReadOnlySqlTransaction,
                        )
                    ):
                        connection.execute(statement)
        for statement in ("DELETE FROM audit_event", "TRUNCATE audit_submission"):
            with pytest.raises(psycopg.errors.RaiseException, match="evidence"):
                owner.execute(statement)
        with psycopg.connect(conninfo(port, "log_reader")) as reader:
            assert reader.execute("SHOW statement_timeout").fetchone() == ("1min",)

    def test_says_what_to_do_where_the_login_may_not(
        self, database: int, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        installation = Installation(
            tmp_path_factory.mktemp("poor"), variables(database, "poor_owner")
        )
        done = run_roles(installation)
        assert done.returncode == 1
        assert "Let a superuser run what `manage.py roles` prints without --run" in done.stderr
        assert "Traceback" not in done.stderr


def _sealed(owner: psycopg.Connection[Any]) -> int:
    row = owner.execute("SELECT coalesce(sum(tree_size), 0) FROM audit_loghead").fetchone()
    return int(row[0]) if row else 0

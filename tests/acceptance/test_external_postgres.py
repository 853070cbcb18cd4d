"""An external PostgreSQL by the documentation alone: its statements are run as they stand there.

Where Debian's PostgreSQL 15 is installed, the oldest that we say will do.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.acceptance.installation import ROOT, Installation, post

from .external_server import SECONDS, run, server, socket_of

BINARIES = Path("/usr/lib/postgresql/15/bin")
DOCS = ROOT / "docs" / "operations.md"
ROLES = ROOT / "audit" / "roles.sql"
# Fewer than the defaults want; some are kept for superusers.
FEW_CONNECTIONS = 24

pytestmark = pytest.mark.skipif(
    not (BINARIES / "postgres").exists(), reason=f"no PostgreSQL in {BINARIES}"
)


def follow(way: str, port: int) -> None:
    """Do what the documentation says of a way, as a superuser of the server."""
    (block,) = re.findall(rf"^```sql {way}\n(.*?)^```$", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    psql = (
        BINARIES / "psql",
        *("-h", socket_of(port), "-p", str(port), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qX"),
    )
    if way == "four":
        run(*psql, input=ROLES.read_text())
    run(*psql, input=block)


def variables(way: str, port: int) -> dict[str, str]:
    """The settings as the documentation gives them, for this server."""
    part = DOCS.read_text().partition(f"```sql {way}")[2].partition("\n##")[0]
    found = dict(re.findall(r"(DATABASE\w*_URL)=(\S+)", part))
    return {k: v.replace("db.example.org:5432", f"127.0.0.1:{port}") for k, v in found.items()}


@pytest.fixture(params=["one", "four"])
def external(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, str]]:
    """An installation that was started by the documentation, and the way that was gone."""
    way = request.param
    with server(BINARIES, max_connections=FEW_CONNECTIONS) as port:
        follow(way, port)
        one = Installation(tmp_path_factory.mktemp(way), {"DEMO": "off", **variables(way, port)})
        one.start()
        try:
            yield one, way
        finally:
            one.stop()


class TestExternalPostgres:
    def test_works_from_the_first_start_on(self, external: tuple[Installation, str]) -> None:
        installation, way = external
        assert "createsuperuser" in installation.log
        assert "environment create prod" in installation.log
        threads = 5 if way == "one" else 2  # those that answer people hold two connections
        assert f"each web process works with {threads} threads, not 8" in installation.log

        installation.variables |= {
            "DJANGO_SUPERUSER_PASSWORD": "First-2026",
            "DJANGO_SUPERUSER_USERNAME": "first",
            "DJANGO_SUPERUSER_EMAIL": "first@example.org",
        }
        installation.manage("createsuperuser", "--noinput")
        installation.manage("environment", "create", "prod", "--production")
        key = installation.manage("ingest_key", "create", "--environment", "prod", "--name", "a")
        token = installation.manage("read_token", "create", "--user", "first")

        with httpx.Client(timeout=20) as client:
            sent = post(client, installation.address, key, [{"type": f"T{n}"} for n in range(50)])
            assert sent.status_code == 201, sent.text
            reader = {"Authorization": f"Bearer {token}"}

            def is_counted() -> bool:
                answer = client.get(f"{installation.address}/api/v1/event-types", headers=reader)
                return len([r for r in answer.json()["results"] if r["last_seen"]]) > 5

            installation.wait(is_counted, SECONDS)  # the worker has been at it
            assert client.get(f"{installation.address}/health/ready").json()["status"] == "ok"
        self.check_walls(installation, way)
        self.check_second_start(installation)

    def check_second_start(self, installation: Installation) -> None:
        """Nobody asked for another key: none is made, and no more is said of what is there."""
        installation.stop()
        installation.start()
        assert "sli_" not in installation.log
        assert "createsuperuser" not in installation.log
        assert "ingest_key" not in installation.log
        listed = subprocess.run(
            [sys.executable, ROOT / "manage.py", "ingest_key", "list"],
            cwd=ROOT,
            env=installation.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "terminal" not in listed.stdout

    def check_walls(self, installation: Installation, way: str) -> None:
        """With four logins none can change what is recorded, and `check` finds nothing to say."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", "check", "--deploy",
             "--database", "default"],
            cwd=ROOT,
            env=installation.environment,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        found = set(re.findall(r"audit\.[EW]\d+", done.stdout + done.stderr))
        if way == "one":
            assert {"audit.E009", "audit.W003", "audit.W006"} <= found
            assert done.returncode == 1
            assert "audit.W005" not in found
            return
        assert done.returncode == 0
        # Before PostgreSQL 17 only who owns a table may maintain it.
        assert "audit.W005" in found
        with psycopg.connect(
            make_conninfo(installation.variables["DATABASE_OWNER_URL"]), autocommit=True
        ) as owner:
            owner.execute(
                "INSERT INTO audit_maintenance (leaf, heap_bytes, since, problem, tried_at)"
                " VALUES ('audit_event_before_1', 1, now() - interval '1 day',"
                " 'not-allowed', now())"
            )
            installation.manage("maintain", "--database", "owner")
            done = owner.execute("SELECT rebuilt_at IS NOT NULL, problem FROM audit_maintenance")
            assert done.fetchall() == [(True, "")]
        assert found == {"audit.W005"}
        for name in ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_READER_URL"):
            with psycopg.connect(make_conninfo(installation.variables[name])) as connection:
                for statement in (
                    "UPDATE audit_event SET head = 'x'",
                    "DELETE FROM audit_event",
                    "CREATE TABLE mine ()",
                ):
                    with pytest.raises(
                        (
                            psycopg.errors.InsufficientPrivilege,
                            psycopg.errors.ReadOnlySqlTransaction,
                        )
                    ):
                        connection.execute(statement)
                    connection.rollback()

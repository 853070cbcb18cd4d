"""Does `check --deploy` see what an installation lacks: in logins, server and key file?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from psycopg import sql

from audit.checks.roles import check_key_file, check_roles
from config.configuration import read_configuration
from config.postgres import cluster as clusters
from config.postgres.cluster import Cluster, open_cluster
from config.postgres.logins import DATABASE, login_name
from tests.acceptance.installation import free_port

ALIAS = "looked_at"
LOGIN = "login_looked_at"


@pytest.fixture(autouse=True)
def _database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """By logins that no test's transaction is for; what is checked is read alone."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@contextmanager
def reached_as(server: Cluster, user: str, password: str) -> Iterator[None]:
    """The server under ALIAS, by a login."""
    default = connections["default"].settings_dict
    connections.settings[ALIAS] = {
        **default,
        "HOST": server.logins.socket_directory,
        "PORT": str(server.logins.port),
        "NAME": DATABASE,
        "USER": user,
        "PASSWORD": password,
    }
    try:
        with closing(connections[ALIAS]):
            yield
    finally:
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def found(settings: Any) -> Callable[..., set[str]]:
    """Return the ids of what the check says, with one alias for everything but what is given."""

    def ids(**aliases: str) -> set[str]:
        names = ("DATABASE", "WORKER_DATABASE", "READER_DATABASE", "OWNER_DATABASE")
        settings.AUDIT = {**settings.AUDIT, **dict.fromkeys(names, ALIAS), **aliases}
        return {str(message.id) for message in check_roles(None)}

    return ids


@pytest.fixture
def login(cluster: Cluster) -> Iterator[Callable[..., Any]]:
    """Make a login with roles or attributes, and reach the database as it."""
    name = sql.Identifier(LOGIN)
    with psycopg.connect(cluster.owner_conninfo(), autocommit=True) as owner:

        @contextmanager
        def made(attributes: str, *more: str) -> Iterator[None]:
            owner.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' ").format(name) + sql.SQL(attributes)  # type: ignore[arg-type]
            )
            for statement in more:
                owner.execute(sql.SQL(statement).format(name))  # type: ignore[arg-type]
            with reached_as(cluster, LOGIN, "x"):
                yield

        yield made
        owner.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))


class TestLogins:
    def test_are_looked_at_by_check_deploy_alone(self) -> None:
        call_command("check")
        with pytest.raises(SystemCheckError) as failed:
            call_command("check", deploy=True)
        # The tests have one login for all, a superuser. Who owns the tables may maintain them.
        said = str(failed.value)
        assert "audit.E010" in said
        assert "audit.W003" in said
        assert "audit.W006" in said
        assert "audit.E009" not in said
        assert "audit.W005" not in said

    def test_of_the_product_will_do(self, cluster: Cluster, found: Any, settings: Any) -> None:
        web = login_name("web")
        with reached_as(cluster, web, cluster.logins.passwords["web"]):
            assert found(WORKER_DATABASE="default", READER_DATABASE="reader") == set()

    @pytest.mark.parametrize(
        ("attributes", "ids"),
        [
            pytest.param("SUPERUSER", {"audit.E010"}, id="a superuser"),
            pytest.param("IN ROLE audit_owner", {"audit.E009"}, id="the owner"),
            pytest.param("NOINHERIT IN ROLE audit_owner", {"audit.E009"}, id="may become it"),
            pytest.param("IN ROLE audit_app", set(), id="the app alone"),
        ],
    )
    def test_of_the_app_must_not_be_the_owner(
        self, login: Any, found: Any, attributes: str, ids: set[str]
    ) -> None:
        with login(attributes):
            assert found(WORKER_DATABASE="default", READER_DATABASE="reader") == ids

    @pytest.mark.parametrize(
        ("settings_of_login", "ids"),
        [
            pytest.param((), {"audit.W007"}, id="by its role alone"),
            pytest.param(
                ("ALTER ROLE {} SET default_transaction_read_only = on",), {"audit.W007"}, id="half"
            ),
            pytest.param(
                (
                    "ALTER ROLE {} SET default_transaction_read_only = on",
                    "ALTER ROLE {} SET statement_timeout = '5s'",
                ),
                set(),
                id="both",
            ),
        ],
    )
    def test_of_readers_only_read_and_not_for_long(
        self, login: Any, found: Any, settings_of_login: tuple[str, ...], ids: set[str]
    ) -> None:
        with login("IN ROLE audit_reader", *settings_of_login):
            told = found(DATABASE="default", WORKER_DATABASE="default", READER_DATABASE=ALIAS)
            assert told & {"audit.W006", "audit.W007"} == ids

    def test_may_have_a_durability_of_their_own(self, login: Any, found: Any) -> None:
        with login("IN ROLE audit_app", "ALTER ROLE {} SET synchronous_commit = off"):
            assert found(WORKER_DATABASE="default", READER_DATABASE="reader") == {"audit.E011"}


class TestServer:
    @pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
    def test_must_keep_what_it_committed(
        self,
        setting: str,
        tmp_path_factory: pytest.TempPathFactory,
        monkeypatch: pytest.MonkeyPatch,
        found: Any,
        settings: Any,
    ) -> None:
        right = clusters.parameters
        monkeypatch.setattr(clusters, "parameters", lambda *size: {**right(*size), setting: "off"})
        directory = tmp_path_factory.mktemp("weak")
        directory.chmod(0o711)
        server = open_cluster(
            read_configuration(
                {"DATA_DIR": str(directory), "EMBEDDED_POSTGRES_PORT": str(free_port())}
            )
        )
        server.make()
        running = server.start()
        try:
            server.ensure_roles()
            web = login_name("web")
            with reached_as(server, web, server.logins.passwords["web"]):
                assert "audit.E011" in found()
                (told,) = [m for m in check_roles(None) if m.id == "audit.E011"]
                assert told.msg.startswith(f"{setting} is off")
        finally:
            server.stop(running)


class TestKeyFile:
    @pytest.mark.parametrize(
        ("mode", "ids"),
        [
            (0o600, []),
            (0o400, []),
            (0o640, ["audit.E012"]),
            (0o604, ["audit.E012"]),
            (0o620, ["audit.E012"]),
        ],
    )
    def test_is_its_owners_alone(
        self, tmp_path: Path, settings: Any, mode: int, ids: list[str]
    ) -> None:
        path = tmp_path / "key.pem"
        settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": path}
        assert check_key_file(None) == []  # not there: `signing-key` alarms
        path.write_text("a key")
        path.chmod(mode)
        told = check_key_file(None)
        assert [message.id for message in told] == ids
        assert all(f"has the mode {mode:04o}" in message.msg for message in told)

    def test_fails_the_check(self, tmp_path: Path, settings: Any) -> None:
        path = tmp_path / "key.pem"
        path.write_text("a key")
        path.chmod(0o644)
        settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": path}
        assert [m.id for m in check_key_file(None) if m.is_serious()] == ["audit.E012"]

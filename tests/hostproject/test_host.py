"""A host installs `audit` alone, in a database of its own with one login: it records and reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from config.postgres.cluster import Cluster

NAME = "hostproject"
OPTIONS = """-c search_path="the\\ host's" """.strip()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> Iterator[str]:
    """The address of a database that belongs to the one login there is."""
    with psycopg.connect(cluster.owner_conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD 'host'")
        connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")
        with psycopg.connect(cluster.owner_conninfo(NAME), autocommit=True) as inside:
            # As an extension leaves one behind.
            inside.execute("CREATE TABLE spatial_ref_sys (srid integer)")
        info = connection.info
        yield f"postgres://{NAME}:host@:{info.port}/{quote(info.host)}/{NAME}"
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        connection.execute(f"DROP ROLE {NAME}")


def run(module: str, *arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", module, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.hostproject.settings",
            "HOST_DATABASE_URL": database,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    return done


@pytest.fixture(scope="module")
def in_a_schema(cluster: Cluster, database: str) -> str:
    """The same database, with another schema for what is made in it."""
    with psycopg.connect(cluster.owner_conninfo(NAME), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "the host\'s" AUTHORIZATION {NAME}')
    return f"{database}?options={quote(OPTIONS, safe='')}"


@pytest.fixture(scope="module")
def told(database: str) -> dict[str, Any]:
    """What came of the story."""
    return json.loads(run("tests.hostproject.story", database=database).stdout)


class TestHost:
    def test_migrates_its_other_databases_without_the_log(self, told: dict[str, Any]) -> None:
        assert "hostproject_order" in told["reports"]
        assert not [table for table in told["reports"] if table.startswith("audit_")]

    def test_takes_the_event_back_with_its_own_transaction(self, told: dict[str, Any]) -> None:
        assert told["undone"] == [0, 0, 0, 0]

    def test_takes_back_an_environment_too(self, told: dict[str, Any]) -> None:
        assert told["undone, with its environment"] == [0, 0, 0, 0]
        assert told["done"][0] == "recorded"

    def test_commits_the_event_with_its_own_transaction(self, told: dict[str, Any]) -> None:
        assert told["done"] == ["recorded", 1, 1, 1, 1]

    def test_goes_on_after_a_duplicate(self, told: dict[str, Any]) -> None:
        assert told["again"] == ["duplicate", 2, 1, 1, 1]
        assert told["kept"] == 2

    def test_records_another_deed_of_the_same_order(self, told: dict[str, Any]) -> None:
        assert told["cancelled"] == "recorded"

    def test_hears_of_another_content_under_the_same_id(self, told: dict[str, Any]) -> None:
        said, orders = told["conflict"]
        assert "event 0 (conflict): /id another content is recorded" in said
        assert orders == 2

    def test_stores_no_secret(self, told: dict[str, Any]) -> None:
        assert told["masked"] == "recorded"
        assert told["details"] == '{"details":{"password":"[redacted]"}}'

    def test_finds_events_as_its_policy_says(self, told: dict[str, Any]) -> None:
        assert [event["type"] for event in told["found"]["results"]] == [
            "ORDER_PLACED",
            "ORDER_CANCELLED",
            "ORDER_PLACED",
        ]
        assert told["not found"]["results"] == []

    def test_shows_events_as_its_policy_says(self, told: dict[str, Any]) -> None:
        for name in ("page", "event"):
            status, page = told[name]
            assert status == 200
            assert "Ann" in page
            assert 'href="/office/log/events/' in page
        assert told["event of another"] == 404

    def test_says_its_own_events_in_its_own_words(self, told: dict[str, Any]) -> None:
        assert " ordered" in told["page"][1]
        assert "Bestellung aufgegeben" in told["in German"][1]
        assert "Bestellungen" in told["in German"][1]

    def test_finds_its_own_group(self, told: dict[str, Any]) -> None:
        found = {(event["type"], event["group"]) for event in told["of the group"]["results"]}
        assert found == {("ORDER_PLACED", "orders")}

    def test_lists_its_own_types(self, told: dict[str, Any]) -> None:
        labels = {one["code"]: one["label"] for one in told["types"]["results"]}
        assert labels["ORDER_PLACED"] == "Place order"
        assert labels["USER_LOGIN"] == "User login"

    def test_takes_what_its_tills_send(self, told: dict[str, Any]) -> None:
        first, again, bad_time, xml = told["sent by the till"]
        assert first == [201, [["recorded", []]]]
        assert again == [200, [["duplicate", []], ["rejected", ["/deed"]]]]
        assert bad_time == [422, [["rejected", ["/at"]]]]
        assert xml == [415, []]
        assert told["kept of it"] == ["till"]

    def test_tells_of_its_format_in_the_reference(self, told: dict[str, Any]) -> None:
        reference = told["reference"]
        operation = reference["paths"]["/office/log/api/till/events"]["post"]
        assert operation["operationId"] == "record_till_events"
        assert reference["components"]["schemas"]["Slip"]["required"] == ["deed"]

    def test_lets_nobody_in_without_a_key_that_it_knows(self, told: dict[str, Any]) -> None:
        assert told["no key"] == [401, "urn:audit:problem:unauthenticated"]
        assert told["nobody"] == [401, 401, 401]

    def test_keeps_its_own_policies_of_apis_to_itself(self, told: dict[str, Any]) -> None:
        """Throttles, versions, renderers, parsers, negotiation, permissions, handlers."""
        assert told["by type"] == [2, 2, 2]

    def test_has_its_own_cookie_in_the_document(self, told: dict[str, Any]) -> None:
        assert told["cookies"] == ["office"]

    def test_is_told_what_one_login_lacks(self, told: dict[str, Any]) -> None:
        assert "(audit.E009) The application's database login owns the events" in told["checks"]
        assert "(audit.W003) The worker has the application's database login" in told["checks"]
        assert "AUDIT['WORKER_DATABASE']" in told["checks"]


class TestHostWithASchemaOfItsOwn:
    def test_has_the_log_in_it(self, in_a_schema: str, told: dict[str, Any]) -> None:
        again = json.loads(run("tests.hostproject.story", database=in_a_schema).stdout)
        for name in ("undone", "done", "again", "conflict", "details"):
            assert again[name] == told[name]
        assert again["page"][0] == 200


class TestHostsOwnTests:
    @pytest.mark.parametrize(
        ("classes", "count"),
        [
            pytest.param(["TestRollingBack", "TestEmptying"], 5, id="rolling back and emptying"),
            pytest.param(["TestRestoring"], 2, id="emptying and restoring"),
        ],
    )
    def test_pass(self, database: str, classes: list[str], count: int) -> None:
        names = [f"tests.hostproject.suite.{name}" for name in classes]
        done = run("django", "test", *names, database=database)
        assert f"Ran {count} tests" in done.stderr

"""An answer says which: the disk is full, there are too many connections, the database is away."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from psycopg import sql
from psycopg.conninfo import make_conninfo

from audit.log.outage import Outage, outage_of, trouble_of
from config.postgres.cluster import Cluster
from tests.factories import EnvironmentFactory, IngestKeyFactory

LIMITED = "limited_login"


@pytest.fixture
def limited(cluster: Cluster) -> Iterator[str]:
    """The address of a login that may have one connection, as one may limit the product's."""
    with psycopg.connect(cluster.owner_conninfo(), autocommit=True) as owner:
        role = sql.Identifier(LIMITED)
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' CONNECTION LIMIT 1").format(role))
        yield make_conninfo(cluster.owner_conninfo(), user=LIMITED, password="x")
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


def raised(code: str) -> DatabaseError:
    """What Django makes of an error that PostgreSQL raises with a code."""
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")
    return caught.value


class TestOutageOf:
    @pytest.mark.django_db(transaction=False)
    @pytest.mark.parametrize(
        ("code", "outage"),
        [
            pytest.param("53100", Outage.DISK_FULL, id="disk full"),
            pytest.param("53300", Outage.TOO_MANY_CONNECTIONS, id="too many connections"),
            pytest.param("53200", Outage.BUSY, id="out of memory"),
            pytest.param("57014", Outage.BUSY, id="statement timeout"),
            pytest.param("40P01", Outage.BUSY, id="deadlock"),
            pytest.param("25006", Outage.READ_ONLY, id="standby"),
            pytest.param("57P01", Outage.AWAY, id="shut down"),
            pytest.param("42P01", None, id="a table that isn't there is a fault of ours"),
        ],
    )
    def test_tells_by_the_code(self, code: str, outage: Outage | None) -> None:
        assert outage_of(raised(code)) is outage

    def test_tells_a_login_that_has_all_of_its_connections(self, limited: str) -> None:
        with psycopg.connect(limited), pytest.raises(psycopg.OperationalError) as caught:
            psycopg.connect(limited)
        assert outage_of(caught.value) is Outage.TOO_MANY_CONNECTIONS

    def test_tells_that_nobody_is_there(self) -> None:
        with pytest.raises(psycopg.OperationalError) as caught:
            psycopg.connect("host=127.0.0.1 port=1")
        assert outage_of(caught.value) is Outage.AWAY
        error = OperationalError("…")
        error.__cause__ = caught.value
        assert outage_of(error) is Outage.AWAY

    def test_is_none_of_other_errors(self) -> None:
        assert outage_of(ValueError("x")) is None


@pytest.fixture
def key(db: None) -> str:
    EnvironmentFactory()
    return IngestKeyFactory()[1]


class TestAnswer:
    @pytest.mark.parametrize(
        ("code", "outage"),
        [
            ("53100", Outage.DISK_FULL),
            ("53300", Outage.TOO_MANY_CONNECTIONS),
            ("57P01", Outage.AWAY),
            ("25006", Outage.READ_ONLY),
        ],
    )
    def test_says_why_nothing_was_recorded(self, key: str, code: str, outage: Outage) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$;"
                "CREATE TRIGGER refuse BEFORE INSERT ON audit_submission"
                " EXECUTE FUNCTION refuse()"
            )
        answer = Client().post(
            "/api/v1/events",
            {"type": "X"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 503
        assert answer["Retry-After"]
        said = answer.json()
        assert said["type"] == "urn:audit:problem:not-recorded"
        assert said["reason"] == outage.reason
        assert said["detail"] == f"{outage.sentence} Nothing was recorded."


class TestTroubleOf:
    @pytest.mark.django_db(transaction=False)
    @pytest.mark.parametrize(
        ("code", "says"),
        [
            pytest.param("57P01", "can't be reached", id="away"),
            pytest.param("42P01", "tables are of another version", id="no such table"),
            pytest.param("42703", "tables are of another version", id="no such column"),
            pytest.param("22012", "did not do it (DataError: ", id="a fault of ours"),
        ],
    )
    def test_tells_an_outage_from_another_version(self, code: str, says: str) -> None:
        assert says in trouble_of(raised(code))

    def test_tells_of_a_disk(self) -> None:
        assert trouble_of(OSError(28, "No space left on device")).endswith("on device).")

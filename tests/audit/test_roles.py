"""The web's role can add events and change none; nobody updates evidence, not the owner either."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.record import Origin, SubmittedEvent, record_events
from audit.roles import APP, DERIVE, READER, SEALER, WORKER, acting_as
from tests.factories import EnvironmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> None:
    EnvironmentFactory()
    record_events(
        [SubmittedEvent(type="USER_LOGIN")],
        origin=Origin(environment="prod"),
        received_at=timezone.now(),
    )


@pytest.fixture
def refused(event: None) -> Callable[[str, str], str]:
    """Return the error of a statement that a role is not allowed."""

    def run(role: str, statement: str) -> None:
        with transaction.atomic():
            cursor = psycopg_cursor("default")
            with acting_as(cursor, role):
                cursor.execute(statement.encode())

    def attempt(role: str, statement: str) -> str:
        with pytest.raises(psycopg.Error) as found:
            run(role, statement)
        return str(found.value)

    return attempt


class TestApp:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_event SET head = 'x'",
            "UPDATE audit_event SET actor_id = 'x'",
            "DELETE FROM audit_event",
            "TRUNCATE audit_event",
            "UPDATE audit_submission SET leaf_hashes = '{}'",
            "DELETE FROM audit_submission",
            "DELETE FROM audit_pending",
            "INSERT INTO audit_position (submission_id, environment, first, count)"
            " VALUES (1, 1, 0, 1)",
            "UPDATE audit_loghead SET size = 0",
            "INSERT INTO audit_tilehash SELECT * FROM audit_tilehash",
            "INSERT INTO audit_checkpoint SELECT * FROM audit_checkpoint",
            "UPDATE audit_checkpoint SET note = ''",
            "DELETE FROM audit_checkpoint",
            "SELECT audit_thin_checkpoints()",
            "INSERT INTO audit_logkey (public, made_at) VALUES ('x', now())",
            "UPDATE audit_alarm SET cleared_at = now()",
            "DELETE FROM audit_client",
            "ALTER TABLE audit_event DISABLE TRIGGER ALL",
            "DROP TABLE audit_event",
            "SET session_replication_role = replica",
            "COPY audit_client TO PROGRAM 'true'",
            "CREATE TABLE public.mine (n int)",
            "CREATE TEMPORARY TABLE mine (n int)",
            "SELECT audit_begin_split('2020-01-01')",
            "SELECT audit_end_split('1')",
        ],
    )
    def test_may_not(self, refused: Callable[[str, str], str], statement: str) -> None:
        said = refused(APP, statement)
        assert "permission denied" in said or "must be owner" in said


class TestOthers:
    @pytest.mark.parametrize(
        ("role", "statement"),
        [
            (WORKER, "INSERT INTO audit_event SELECT * FROM audit_event"),
            (WORKER, "UPDATE audit_event SET browser = 1"),
            (SEALER, "INSERT INTO audit_submission (event_ids) VALUES ('{}')"),
            (SEALER, "DELETE FROM audit_position"),
            (SEALER, "UPDATE audit_tilehash SET hash = ''"),
            (SEALER, "UPDATE audit_checkpoint SET note = ''"),
            (SEALER, "DELETE FROM audit_checkpoint"),
            (SEALER, "SELECT audit_thin_checkpoints()"),
            (WORKER, "DELETE FROM audit_checkpoint"),
            (SEALER, "SELECT id_secret FROM audit_installation"),
            (DERIVE, "UPDATE audit_event SET details = NULL"),
            (DERIVE, "UPDATE audit_event SET actor_id = NULL"),
            (READER, "DELETE FROM audit_event"),
            (READER, "SELECT id_secret FROM audit_installation"),
            (WORKER, "SELECT id_secret FROM audit_installation"),
        ],
    )
    def test_may_not(self, refused: Callable[[str, str], str], role: str, statement: str) -> None:
        assert "permission denied" in refused(role, statement)

    @pytest.mark.usefixtures("event")
    def test_may_derive_devices_and_places_again(self) -> None:
        with transaction.atomic():
            cursor = psycopg_cursor("default")
            with acting_as(cursor, DERIVE):
                cursor.execute("UPDATE audit_event SET city = 'Lyon'")
                assert cursor.rowcount == 1


@pytest.mark.usefixtures("event")
class TestGuard:
    @pytest.mark.parametrize(
        "change",
        [
            "head = '{}'",
            "details = NULL, details_salt = NULL, details_commitment = sha256('x')",
            "received_at = now()",
            "submission_id = submission_id + 1",
        ],
    )
    def test_stops_the_owner_too(self, change: str) -> None:
        with pytest.raises(psycopg.Error, match="is evidence"), transaction.atomic():
            psycopg_cursor("default").execute(f"UPDATE audit_event SET {change}".encode())

    def test_lets_a_part_go_with_its_row_in_the_ledger(self) -> None:
        cursor = psycopg_cursor("default")
        with transaction.atomic():
            cursor.execute(
                "INSERT INTO audit_erasure"
                " (event_id, part, environment, transaction_id, erased_by, reason)"
                " SELECT id, 'personal', environment, txid_current(), 'ann', 'asked for'"
                " FROM audit_event"
            )
            cursor.execute(
                "UPDATE audit_event SET personal = NULL, personal_salt = NULL,"
                " personal_commitment = sha256('x')"
            )
        assert cursor.rowcount == 1

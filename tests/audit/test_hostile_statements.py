"""Whoever takes over the web's login can't get at a single partition, old or new; and what is
evidence, its owner can't take away either.
"""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.log.partitions import make_month, prepare_months
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Resource
from audit.roles import APP, ERASE, RETAIN, acting_as

TABLES = {"audit_event": "id", "audit_event_target": "event_id"}
# On a leaf, past its table; on the table, at what lies in the leaf; on what guards it.
HOSTILE = (
    "SELECT * FROM {leaf}",
    "SELECT * FROM {leaf} FOR UPDATE",
    "INSERT INTO {leaf} SELECT * FROM {table}",
    "UPDATE {leaf} SET {column} = {column}",
    "DELETE FROM {leaf}",
    "TRUNCATE {leaf}",
    "MERGE INTO {leaf} USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
    "UPDATE {table} SET {column} = {column} WHERE tableoid = '{leaf}'::regclass",
    "DELETE FROM {table} WHERE tableoid = '{leaf}'::regclass",
    "SELECT * FROM {table} WHERE tableoid = '{leaf}'::regclass FOR UPDATE",
    "COPY {leaf} TO PROGRAM 'true'",
    "COPY {leaf} FROM PROGRAM 'true'",
    "LOCK TABLE {leaf} IN ACCESS EXCLUSIVE MODE",
    "DROP TABLE {leaf}",
    "ALTER TABLE {table} DETACH PARTITION {leaf}",
    "ALTER TABLE {leaf} DISABLE TRIGGER ALL",
    "ALTER TABLE {leaf} ADD COLUMN mine int",
    "ALTER TABLE {leaf} OWNER TO audit_app",
    "ALTER TABLE {leaf} RENAME TO mine",
    "ALTER TABLE {leaf} SET UNLOGGED",
    "GRANT ALL ON {leaf} TO audit_app",
    "CREATE INDEX ON {leaf} ({column})",
    "CREATE RULE mine AS ON INSERT TO {leaf} DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON {leaf} FOR EACH ROW EXECUTE FUNCTION"
    " suppress_redundant_updates_trigger()",
    "CREATE TABLE mine () INHERITS ({leaf})",
    "REINDEX TABLE {leaf}",
)
# As the owner: of events, on a leaf, past its table, or on the table.
OWNERS = (
    "UPDATE {leaf} SET head = '{{}}'",
    "UPDATE {month} SET details = '{{}}', details_salt = head_salt",
    "UPDATE audit_event SET personal = NULL, personal_salt = NULL",
    "UPDATE audit_event SET environment = 1",
    "DELETE FROM {leaf}",
    "DELETE FROM {month}",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event USING audit_submission WHERE submission_id = audit_submission.id",
    "MERGE INTO audit_event USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM audit_event RETURNING *) SELECT count(*) FROM gone",
    "TRUNCATE {leaf}",
    "TRUNCATE {month}",
    "TRUNCATE audit_event, audit_event_target, audit_submission CASCADE",
)
# … and of receipts, positions, tiles and checkpoints, whatever their columns are.
OWNERS_ELSEWHERE = (
    "UPDATE {table} SET environment = environment",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET environment = 0",
    "DELETE FROM {table}",
    "DELETE FROM ONLY {table} WHERE environment > 0",
    "TRUNCATE {table}",
    "TRUNCATE {table} RESTART IDENTITY CASCADE",
)
SEALED = {
    "audit_submission": "id",
    "audit_position": "submission_id",
    "audit_tilehash": 'environment, epoch, level, "index"',
    "audit_checkpoint": "environment, epoch, size",
}


def leaves(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf", [table]
        )
        return [name for (name,) in cursor.fetchall()]


def try_all(table: str, leaf: str) -> list[str]:
    """Return what was refused of HOSTILE, as the web's role."""
    refused = []
    for statement in HOSTILE:
        said = statement.format(leaf=leaf, table=table, column=TABLES[table])
        try:
            with transaction.atomic():
                cursor = psycopg_cursor("default")
                with acting_as(cursor, APP):
                    cursor.execute(said.encode())
        except psycopg.errors.InsufficientPrivilege:
            refused.append(statement)
    return refused


@pytest.fixture
def log(db: None) -> None:
    ensure_environment("prod")
    record_events(
        [SubmittedEvent(type="USER_LOGIN", targets=(Resource(type="user", id="u"),))],
        origin=Origin(environment="prod"),
        received_at=timezone.now(),
    )


@pytest.mark.usefixtures("log")
class TestApp:
    @pytest.mark.parametrize("table", TABLES)
    def test_is_refused_each_statement_on_each_leaf(self, table: str) -> None:
        assert len(HOSTILE) >= 15
        found = leaves(table)
        assert found
        for leaf in found:
            assert try_all(table, leaf) == list(HOSTILE), leaf

    @pytest.mark.parametrize("table", TABLES)
    def test_is_refused_them_on_leaves_made_after(self, table: str) -> None:
        before = set(leaves(table))
        today = timezone.now().date()
        make_month(today + timedelta(days=100))
        prepare_months(today - timedelta(days=100), today)
        ensure_environment("later")
        new = set(leaves(table)) - before
        assert len(new) > 12
        for leaf in new:
            assert try_all(table, leaf) == list(HOSTILE), leaf

    def test_may_make_the_next_months_and_record_all_the_same(self) -> None:
        with transaction.atomic():
            cursor = psycopg_cursor("default")
            with acting_as(cursor, APP):
                cursor.execute("SELECT audit_make_partition()")
                receipt = record_events(
                    [SubmittedEvent(type="USER_LOGIN")],
                    origin=Origin(environment="prod"),
                    received_at=timezone.now(),
                )
        assert [verdict.status for verdict in receipt.verdicts] == ["recorded"]


def refused(statement: str) -> str:
    """Return what the owner was told, who tried it in vain."""
    with pytest.raises(psycopg.errors.RaiseException) as told, transaction.atomic():
        psycopg_cursor("default").execute(statement.encode())
    return str(told.value)


@pytest.mark.usefixtures("log")
class TestOwner:
    @pytest.mark.parametrize("statement", OWNERS)
    def test_is_refused_to_change_and_to_take_away_events(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text FROM audit_event")
            ((leaf,),) = cursor.fetchall()
        month = leaf.rpartition("_")[0]
        assert "evidence" in refused(statement.format(leaf=leaf, month=month))

    @pytest.mark.parametrize("table", SEALED)
    @pytest.mark.parametrize("statement", OWNERS_ELSEWHERE)
    def test_is_refused_it_of_what_they_were_sealed_into(self, table: str, statement: str) -> None:
        said = statement.format(table=table, key=SEALED[table])
        assert "evidence" in refused(said)

    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_installation SET created_at = now()", "DELETE FROM {}"]
    )
    def test_is_refused_to_put_the_installation_aside(self, statement: str) -> None:
        assert "evidence" in refused(statement.format("audit_installation"))

    def test_is_refused_them_on_leaves_made_after(self) -> None:
        today = timezone.now().date()
        make_month(today + timedelta(days=100))
        prepare_months(today - timedelta(days=100), today)
        ensure_environment("later")
        found = leaves("audit_event")
        assert len(found) > 12
        for leaf in found:
            assert "evidence" in refused(f"TRUNCATE {leaf}")

    def test_names_in_a_function_what_it_takes_away(self) -> None:
        """The way of functions that take away by a rule: nothing but what they name."""
        with transaction.atomic():
            cursor = psycopg_cursor("default")
            cursor.execute("SELECT set_config('audit.removes', 'events', true)")
            assert "receipts are evidence" in refused("DELETE FROM audit_submission")
            assert "evidence" in refused("TRUNCATE audit_event")
            cursor.execute("DELETE FROM audit_event")
            assert cursor.rowcount == 1


@pytest.mark.usefixtures("log")
class TestGuard:
    @pytest.mark.parametrize(
        "name", ["audit_event_is_evidence", "audit_event_is_kept", "audit_event_is_not_emptied"]
    )
    def test_is_on_every_leaf_of_events_old_and_new(self, name: str) -> None:
        make_month(timezone.now().date() + timedelta(days=100))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger"
                " WHERE tgname = %s AND tgenabled <> 'D'",
                [name],
            )
            guarded = {name for (name,) in cursor.fetchall()}
        assert set(leaves("audit_event")) <= guarded

    @pytest.mark.parametrize("role", [ERASE, RETAIN])
    @pytest.mark.parametrize("statement", ["DELETE FROM {leaf}", "TRUNCATE {leaf}"])
    def test_lets_no_role_take_away_by_itself(self, role: str, statement: str) -> None:
        for leaf in leaves("audit_event"):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                transaction.atomic(),
                acting_as(cursor := psycopg_cursor("default"), role),
            ):
                cursor.execute(statement.format(leaf=leaf).encode())

"""Whoever takes over the web's login can't get at a single partition, old or new."""

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


@pytest.mark.usefixtures("log")
class TestGuard:
    def test_is_on_every_leaf_of_events_old_and_new(self) -> None:
        make_month(timezone.now().date() + timedelta(days=100))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger"
                " WHERE tgname = 'audit_event_is_evidence' AND tgenabled <> 'D'"
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

"""Months are taken out of "before" while it is used; nothing is lost, nothing dead stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from audit.errors import Busy
from audit.log import splitting
from audit.log.partitions import ensure_environment
from audit.log.splitting import split_before
from audit.worker.maintenance import crowded
from audit.worker.maintenance.crowded import before_bytes
from audit.worker.maintenance.run import is_due, maintain
from config.postgres.logins import conninfo
from tests.clock import began
from tests.committed import committed
from tests.guards import past_the_guards
from tests.settings import CLUSTER

EVENTS = 4_000
TABLES = ("audit_event", "audit_event_target")


@pytest.fixture
def _log(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A log of its own, which is taken away with the months that were made."""
    with committed(django_db_blocker):
        ensure_environment("prod")
        yield
        join_months()


def execute(statement: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def join_months() -> None:
    """Empty the log, and let "before" begin where the running month does, as it was."""
    with past_the_guards():
        execute("TRUNCATE audit_event, audit_event_target")
    month = f"{began():%Y-%m}-01"
    for table in TABLES:
        execute(f"DROP TABLE {table}_before")
        for (name,) in execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid"
            " WHERE inhparent = %s::regclass AND right(relname, 6) < %s",
            table,
            f"{began():%Y%m}",
        ):
            execute(f"DROP TABLE {name}")
        execute(
            "SELECT audit_make_leaves(%s, NULL, NULL, audit_id_floor(%s::timestamptz))",
            table,
            f"{month}T00:00Z",
        )
    execute("DELETE FROM audit_maintenance")


def ago(months: int) -> date:
    """The first day of a month, counted back from the running one."""
    number = began().year * 12 + began().month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def branch(months: int, table: str = "audit_event") -> str:
    return f"{table}_{ago(months):%Y%m}"


def add(count: int, start: date, *, into: Any = execute) -> None:
    """Add events with a target each, a minute apart."""
    into(
        "INSERT INTO audit_event (id, received_at, submission_id, ordinal, environment, type,"
        " actor_hash, head_commitment, personal_commitment, details_commitment)"
        " SELECT (left(audit_id_floor(%s::timestamptz + n * interval '1 minute')::text, 14) || '7'"
        "  || substr(md5(random()::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-'"
        "  || substr(md5(n::text), 7, 12))::uuid, now(), 1, n, e.id, 1, n %% 100,"
        " repeat('x', 32)::bytea, repeat('y', 400)::bytea, 'z'"
        " FROM audit_environment e, generate_series(1, %s) n WHERE e.key = 'prod'",
        *((f"{start}T00:00Z", count) if into is execute else ((f"{start}T00:00Z", count),)),
    )
    into(
        "INSERT INTO audit_event_target SELECT e.id, e.actor_hash, e.environment, 'user', 'x'"
        " FROM audit_event e ON CONFLICT DO NOTHING"
    )


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {table: execute(f"SELECT md5(t::text) FROM {table} t ORDER BY 1") for table in TABLES}


def holding(table: str = "audit_event") -> dict[str, int]:
    """Branch → its events."""
    found = execute(
        "SELECT regexp_replace(tableoid::regclass::text, '_\\d+$', ''), count(*)"
        f" FROM {table} GROUP BY 1 ORDER BY 1"
    )
    return dict(found)


def shape(name: str) -> list[tuple[Any, ...]]:
    """The indexes, constraints, triggers and settings of all leaves of a branch."""

    def sorted_array(of: str) -> str:
        return f"(SELECT array_agg(x ORDER BY x) FROM (SELECT {of}) AS f (x))"

    indexes = sorted_array(
        "regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', '') || i.indisprimary"
        " || i.indisvalid || x.relispartition FROM pg_index i JOIN pg_class x"
        " ON x.oid = i.indexrelid WHERE i.indrelid = c.oid"
    )
    constraints = sorted_array(
        "conname || pg_get_constraintdef(oid) || coninhcount || conislocal"
        " FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c'"
    )
    triggers = sorted_array("tgname::text FROM pg_trigger WHERE tgrelid = c.oid")
    return execute(
        f"SELECT {indexes}, {constraints}, {triggers}, c.reloptions FROM pg_partition_tree(%s) t"
        " JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf ORDER BY c.relname",
        name,
    )


@contextmanager
def another() -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(CLUSTER.logins, "owner", "sightline"), autocommit=True) as one:
        yield one


@pytest.mark.usefixtures("_log")
class TestSplitBefore:
    def test_moves_months_and_leaves_nothing_dead(self) -> None:
        add(60, ago(9))
        add(EVENTS, ago(2))
        before, there, leaf = everything(), size(), shape("audit_event_before")
        target = shape("audit_event_target_before")
        assert split_before(ago(2), using="default")
        assert everything() == before
        for table in TABLES:
            assert holding(table) == {branch(2, table): EVENTS, f"{table}_before": 60}
        assert size() < there / 4
        assert shape("audit_event_before") == shape(branch(2)) == leaf
        assert (
            shape("audit_event_target_before") == shape(branch(2, "audit_event_target")) == target
        )
        names = execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^audit_event.*(_rest|_split)'"
        )
        assert names == []

    def test_does_nothing_where_the_month_has_its_own(self) -> None:
        assert not split_before(began().date(), using="default")

    def test_may_be_done_again_and_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # A month at a time.
        monkeypatch.setattr(splitting, "MOST_LEAVES", 1)
        add(EVENTS, ago(4))
        split_before(ago(1), using="default")
        assert split_before(ago(5), using="default")
        assert holding() == {branch(4): EVENTS}
        assert execute("SELECT min(m) FROM audit_months() m") == [(ago(5),)]
        ensure_environment("later")
        add(10, ago(9))
        assert holding()["audit_event_before"] == 10

    def test_takes_part_in_a_callers_transaction(self) -> None:
        with transaction.atomic():
            add(EVENTS, ago(1))
            split_before(ago(1), using="default")
            assert holding() == {branch(1): EVENTS}

    def test_keeps_what_is_written_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        add(EVENTS, ago(2))
        replace = splitting._replace

        def write_first(cursor: Any, since: str, *, using: str) -> None:
            with another() as writer:
                # Nobody waits while the copies are made.
                writer.execute("SET lock_timeout = '1s'")
                add(50, ago(1), into=writer.execute)
                add(7, ago(9), into=writer.execute)
                writer.execute("UPDATE audit_event SET city = 'Lyon' WHERE ordinal < 20")
            ensure_environment("meanwhile")
            replace(cursor, since, using=using)

        monkeypatch.setattr(splitting, "_replace", write_first)
        split_before(ago(2), using="default")
        assert holding() == {
            branch(2): EVENTS,
            branch(1): 50,
            "audit_event_before": 7,
        }
        assert sum(holding("audit_event_target").values()) == EVENTS + 57
        # Of 1 to 19, each in three lots but the last of seven.
        assert execute("SELECT count(*) FROM audit_event WHERE city = 'Lyon'") == [(45,)]

    def test_lets_go_at_once_of_whoever_reads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        add(EVENTS, ago(2))
        there = everything()
        monkeypatch.setattr(splitting, "TRIES", 2)
        monkeypatch.setattr(splitting, "PAUSE_SECONDS", 0.01)
        with another() as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM audit_event")
            with pytest.raises(Busy):
                split_before(ago(2), using="default")
        assert everything() == there
        assert holding() == {"audit_event_before": EVENTS}
        assert execute("SELECT to_regclass('audit_event_split')") == [(None,)]

    def test_begins_anew_where_an_attempt_was_ended(self) -> None:
        add(EVENTS, ago(3))
        execute("SELECT audit_begin_split(%s)", ago(3))
        add(5, ago(1))
        split_before(ago(1), using="default")
        assert holding() == {branch(1): 5, "audit_event_before": EVENTS}


@pytest.mark.usefixtures("_log")
class TestMaintain:
    def test_splits_where_a_month_crowds_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crowded, "MAX_UNSPLIT_EVENTS", EVENTS - 1)
        add(60, ago(9))
        assert not is_due(using="default")
        add(EVENTS, ago(2))
        assert is_due(using="default")
        maintain(using="default")
        assert holding() == {branch(2): EVENTS, "audit_event_before": 60}
        assert not is_due(using="default")
        # What was copied has its indexes as new.
        later = datetime.now(UTC) + timedelta(days=1)
        assert maintain(using="default", clock=lambda: later) == 0


def size() -> int:
    with connection.cursor() as cursor:
        return before_bytes(cursor.connection.cursor())

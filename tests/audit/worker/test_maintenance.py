"""A closed month's indexes are rebuilt once, while events are read and recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from audit.log.niceness import NICENESS
from audit.log.partitions import ensure_environment
from audit.worker.health import Disk
from audit.worker.maintenance import reindexing
from audit.worker.maintenance.leaves import (
    LOCKED,
    NO_ROOM,
    QUIET,
    RETRY,
    SETTLED,
    MaintenanceState,
    read_maintenance,
)
from audit.worker.maintenance.run import MAINTENANCE_LOCK, is_due, maintain
from config.postgres.logins import conninfo, login_name
from tests.clock import began
from tests.committed import committed
from tests.settings import CLUSTER

WORKER = "worker's login"
EVENTS = 12_000
SECONDS = 20.0


@pytest.fixture(autouse=True)
def log(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A log with the worker's own login, whose one environment has a leaf of this month."""
    with committed(django_db_blocker):
        connections.databases[WORKER] = {
            **connections.databases["default"],
            "USER": login_name("worker"),
            "PASSWORD": CLUSTER.logins.passwords["worker"],
        }
        ensure_environment("prod")
        execute("DELETE FROM audit_maintenance")
        yield
        execute("DELETE FROM audit_maintenance")
        connections[WORKER].close()
        del connections[WORKER]
        del connections.databases[WORKER]


def execute(statement: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def month_end() -> datetime:
    start = began().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (start + timedelta(days=32)).replace(day=1)


CLOSED = SETTLED + timedelta(minutes=1)


def at(after_end: timedelta) -> Callable[[], datetime]:
    """A clock that stands still, so long after the end of the running test's month."""
    return lambda: month_end() + after_end


def leaf() -> str:
    number = execute("SELECT id FROM audit_environment WHERE key = 'prod'")[0][0]
    return f"audit_event_{began():%Y%m}_{number}"


def grow(count: int) -> None:
    """Add events in order of time, of few people and apps, as recording does."""
    execute(
        "INSERT INTO audit_event (id, received_at, submission_id, ordinal, environment, type,"
        " outcome, workspace_hash, actor_hash, application_hash, head_commitment,"
        " personal_commitment, details_commitment, resource_hash)"
        " SELECT (left(audit_id_floor(%s::timestamptz + n * interval '10 ms')::text, 14) || '7'"
        "  || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-'"
        "  || substr(md5(n::text), 7, 12))::uuid,"
        " now(), 1, 0, e.id, n %% 9, 1, hashint4(n %% 7), hashint4(n * 7919 %% 211),"
        " hashint4(n * 104729 %% 97), repeat('x', 32)::bytea, 'y', 'z', hashint4(n %% 500)"
        " FROM audit_environment e, generate_series(1, %s) n WHERE e.key = 'prod' ORDER BY n",
        month_end() - timedelta(days=20) + timedelta(seconds=rows() / 50),
        count,
    )


def rows() -> int:
    return int(execute("SELECT count(*) FROM audit_event")[0][0])


def index_bytes() -> int:
    return int(execute("SELECT pg_indexes_size(%s::regclass)", leaf())[0][0])


def files() -> dict[str, int]:
    """Index → its file, another one once it was rebuilt."""
    return dict(
        execute(
            "SELECT c.relname, c.relfilenode FROM pg_index i JOIN pg_class c"
            " ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND i.indisvalid",
            leaf(),
        )
    )


def unfinished() -> list[str]:
    found = execute(
        "SELECT i.indexrelid::regclass::text FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisvalid",
        leaf(),
    )
    return [name for (name,) in found]


def state() -> MaintenanceState:
    with connection.cursor() as cursor:
        return read_maintenance(cursor)


def work(after_end: timedelta = CLOSED, quiet: timedelta = QUIET) -> int:
    """Look, and do what is due when it was quiet for so long; as the worker's login."""
    is_due(using=WORKER, clock=at(after_end))
    return maintain(using=WORKER, clock=at(after_end + quiet))


@contextmanager
def another(login: str = "owner") -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(CLUSTER.logins, login, "sightline"), autocommit=True) as one:
        yield one


class TestAClosedMonth:
    def test_takes_less_and_holds_the_same(self) -> None:
        grow(EVENTS)
        before, there = index_bytes(), files()
        assert work() == 1
        assert index_bytes() < 0.8 * before
        assert rows() == EVENTS
        assert files().keys() == there.keys()
        assert not set(files().values()) & set(there.values())
        assert (state().remaining, state().problem) == (0, "")
        assert state().rebuilt_at == month_end() + CLOSED + QUIET

    def test_is_rebuilt_once(self) -> None:
        grow(EVENTS)
        work()
        there = files()
        assert not is_due(using=WORKER, clock=at(timedelta(days=300)))
        assert work(timedelta(days=300)) == 0
        assert files() == there

    def test_is_rebuilt_again_when_a_tenth_came_late(self) -> None:
        grow(EVENTS)
        work()
        grow(EVENTS // 20)
        assert work() == 0
        grow(EVENTS // 12)
        assert work() == 1

    def test_waits_while_more_comes(self) -> None:
        grow(EVENTS)
        assert work(quiet=QUIET - timedelta(seconds=1)) == 0
        grow(EVENTS)
        assert work(CLOSED + QUIET, quiet=timedelta()) == 0
        assert work(CLOSED + 2 * QUIET, quiet=timedelta()) == 1

    def test_is_left_alone_where_it_is_small(self) -> None:
        grow(100)
        assert work() == 0
        assert state().remaining == 0

    def test_is_left_alone_while_it_is_open(self) -> None:
        grow(EVENTS)
        assert work(SETTLED - timedelta(seconds=1), quiet=timedelta()) == 0
        assert work(-timedelta(days=10), quiet=timedelta()) == 0
        assert state().remaining == 0

    def test_is_forgotten_with_its_leaf(self) -> None:
        execute("INSERT INTO audit_maintenance VALUES ('audit_event_199901_1', 2 ^ 30, now())")
        assert state().remaining == 1
        is_due(using=WORKER, clock=at(CLOSED))
        assert state().remaining == 0


class TestAnEndHalfway:
    def test_is_tidied_up_and_gone_on_from(self) -> None:
        grow(EVENTS)
        is_due(using=WORKER, clock=at(CLOSED))
        first = max(files())
        with another() as writer, another("worker") as reindexer, another() as other:
            execute("SELECT audit_open_for_reindex(%s)", leaf())
            reindexer.execute(f'REINDEX INDEX CONCURRENTLY "{first}"'.encode())
            execute("UPDATE audit_maintenance SET rebuilt_indexes = %s", [first])
            there = files()
            begin_to_write(writer)
            name = min(files())
            errors: list[Exception] = []
            thread = threading.Thread(target=failing, args=(reindexer, name, errors))
            thread.start()
            wait_until(lambda: is_waiting(reindexer))
            assert len(unfinished()) == 1
            # Meanwhile nobody waits.
            other.execute("SET lock_timeout = '1s'")
            other.execute("UPDATE audit_event SET city = 'Lyon' WHERE ordinal > 0")
            assert other.execute("SELECT count(*) FROM audit_event").fetchone() == (EVENTS,)
            other.execute("SELECT pg_terminate_backend(%s)", [reindexer.info.backend_pid])
            thread.join()
            assert [type(error) for error in errors] == [psycopg.errors.AdminShutdown]
        assert len(unfinished()) == 1
        assert maintain(using=WORKER, clock=at(CLOSED + QUIET)) == 1
        assert unfinished() == []
        # What was done is not done again, all else is.
        assert {n for n, file in files().items() if there[n] == file} == {first}

    def test_is_found_where_the_server_ends_it_for_waiting(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grow(EVENTS)
        settings = dict(reindexing._SETTINGS) | {"lock_timeout": "300ms"}
        with monkeypatch.context() as short, another() as writer:
            short.setattr(reindexing, "_SETTINGS", tuple(settings.items()))
            begin_to_write(writer)
            assert work() == 0
            assert (state().remaining, state().problem) == (1, LOCKED)
            assert not is_due(using=WORKER, clock=at(CLOSED + QUIET + RETRY / 2))
            writer.execute("ROLLBACK")
        assert maintain(using=WORKER, clock=at(CLOSED + QUIET + RETRY)) == 1
        assert unfinished() == []
        assert (state().remaining, state().problem) == (0, "")


class TestMaintain:
    def test_is_alone(self) -> None:
        grow(EVENTS)
        with another() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", MAINTENANCE_LOCK)
            assert work() == 0
        assert state().remaining == 1
        assert work() == 1

    def test_begins_only_where_there_is_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        grow(EVENTS)
        there = files()
        with monkeypatch.context() as full:
            full.setattr(reindexing, "read_disk", lambda: Disk(free_bytes=2**28, all_bytes=2**40))
            assert work() == 0
        assert files() == there
        assert (state().remaining, state().problem) == (1, NO_ROOM)

    def test_does_at_once_what_another_login_was_refused(self) -> None:
        grow(EVENTS)
        is_due(using=WORKER, clock=at(CLOSED))
        now = at(CLOSED + QUIET)
        execute("UPDATE audit_maintenance SET problem = 'not-allowed', tried_at = %s", now())
        assert not is_due(using=WORKER, clock=now)
        assert maintain(using="default", clock=now) == 1
        assert state().problem == ""

    def test_lets_the_server_give_way(self) -> None:
        grow(EVENTS)
        work()
        pid = connections[WORKER].connection.info.backend_pid
        with open(f"/proc/{pid}/stat") as told:
            assert told.read().rsplit(")", 1)[1].split()[16] == str(NICENESS)


class TestTheWorkersLogin:
    @pytest.mark.parametrize(
        "statement",
        [
            "REINDEX TABLE CONCURRENTLY audit_submission",
            "SELECT audit_open_for_reindex('audit_submission')",
            "SELECT audit_open_for_reindex('audit_event')",
            "DROP INDEX audit_event_by_actor",
        ],
    )
    def test_may_do_it_to_leaves_alone(self, statement: str) -> None:
        with another("worker") as one, pytest.raises(psycopg.Error) as refused:
            one.execute(statement.encode())
        assert any(
            words in str(refused.value)
            for words in ("permission denied", "must be owner", "is no leaf of the log")
        )


def begin_to_write(writer: psycopg.Connection) -> None:
    """Hold what a recorder holds of a leaf until its commit."""
    writer.execute("BEGIN")
    writer.execute(f'LOCK TABLE "{leaf()}" IN ROW EXCLUSIVE MODE'.encode())


def failing(reindexer: psycopg.Connection, name: str, errors: list[Exception]) -> None:
    try:
        reindexer.execute(f'REINDEX INDEX CONCURRENTLY "{name}"'.encode())
    except psycopg.Error as error:
        errors.append(error)


def is_waiting(one: psycopg.Connection) -> bool:
    pid = one.info.backend_pid
    return execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", pid) == [
        ("Lock",)
    ]


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.02)

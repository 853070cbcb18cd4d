"""Transactions that are real, for tests of what commits do; what they leave is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.guards import past_the_guards


@contextmanager
def committed(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        take_away()
        yield
        take_away()
        connection.close()


def take_away() -> None:
    with past_the_guards() as cursor:
        cursor.execute("TRUNCATE audit_event, audit_event_target, audit_submission, audit_pending")
        cursor.execute("DELETE FROM audit_eventtype WHERE code <> '(unregistered)'")


@contextmanager
def failing_commits(*, sqlstate: str = "P0001", where: str = "true") -> Iterator[None]:
    """Let each transaction that records fail, at its commit and not before.

    sqlstate: of the error; where: an SQL condition, which of them fail
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fail_late() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF {where} THEN RAISE EXCEPTION 'late' USING ERRCODE = '{sqlstate}';"
            " END IF; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT ON audit_submission"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_late()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION fail_late() CASCADE")

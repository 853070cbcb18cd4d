"""A thread reads on, ends with its block, and tells its errors where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, active_count, get_ident
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from audit.export import Form, read_ahead, stream
from audit.export.read_ahead import HELD
from audit.export.rows import FIRST_BATCH, Row
from audit.query import EventQuery

from .test_stream import SCOPE, many_events, record  # noqa: F401

SECONDS = 10.0


def never() -> None:
    raise AssertionError("nothing was to be cancelled")


class TestReadAhead:
    def test_gives_everything_in_order(self) -> None:
        with read_ahead.read_ahead(iter(range(1_000)), cancel=never) as given:
            assert list(given) == list(range(1_000))

    def test_reads_in_a_thread_so_far_ahead_and_no_further(self) -> None:
        read, threads, is_full = 0, set(), Event()

        def things() -> Iterator[int]:
            nonlocal read
            for number in range(100):
                read += 1
                threads.add(get_ident())
                if read == HELD:
                    is_full.set()
                yield number

        with read_ahead.read_ahead(things(), cancel=never) as given:
            assert is_full.wait(SECONDS)
            assert next(given) == 0
            assert read == HELD
            assert list(given) == list(range(1, 100))
        assert get_ident() not in threads

    def test_raises_an_error_where_its_thing_would_have_come(self) -> None:
        def things() -> Iterator[int]:
            yield 1
            raise psycopg.OperationalError("gone")

        with read_ahead.read_ahead(things(), cancel=never) as given:
            assert next(given) == 1
            with pytest.raises(psycopg.OperationalError, match="gone"):
                next(given)

    def test_ends_its_thread_where_nobody_reads_on(self) -> None:
        before = active_count()
        with read_ahead.read_ahead(iter(range(100)), cancel=never) as given:
            next(given)
        assert active_count() == before

    def test_cancels_what_its_thread_waits_for(self) -> None:
        before, is_waiting, is_cancelled = active_count(), Event(), Event()

        def things() -> Iterator[int]:
            yield 1
            is_waiting.set()
            assert is_cancelled.wait(SECONDS)
            yield 2

        with read_ahead.read_ahead(things(), cancel=is_cancelled.set) as given:
            assert next(given) == 1
            assert is_waiting.wait(SECONDS)
        assert is_cancelled.is_set()
        assert active_count() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("many_events")
class TestOnAConnection:
    QUERY = EventQuery(scope=SCOPE)

    def test_that_is_closed_midway_can_be_used_again(self) -> None:
        before = active_count()
        with transaction.atomic():
            given = stream.pieces(connection.connection, self.QUERY, Form(format="ndjson"))
            for _ in range(3):
                next(given)
            given.close()
            assert active_count() == before
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                assert cursor.fetchone() == (1,)

    def test_ends_a_statement_that_would_take_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A reader goes while more events are looked for: nothing waits until they are found."""
        plain, is_looking = stream.batches, Event()

        def slow(*given: Any, **more: Any) -> Iterator[list[Row]]:
            first = next(plain(*given, **more))

            def looking() -> Iterator[list[Row]]:
                yield first
                is_looking.set()
                connection.connection.execute("SELECT pg_sleep(600)")

            return looking()

        monkeypatch.setattr(stream, "batches", slow)
        before = active_count()
        with transaction.atomic():
            given = stream.pieces(connection.connection, self.QUERY, Form(format="ndjson"))
            assert [next(given).rows for _ in range(2)] == [0, FIRST_BATCH - 1]  # one is held back
            assert is_looking.wait(SECONDS)
            given.close()
            transaction.set_rollback(True)
        assert active_count() == before
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)

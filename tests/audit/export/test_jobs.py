"""Exports in the background: asked for, made, interrupted, cancelled, fetched, forgotten."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from accounts.models import User
from audit.contracts import Scope
from audit.errors import CannotExport
from audit.export import FORMATS, Form, export, jobs, making
from audit.models import Event, Export
from audit.query import EventQuery
from audit.worker.exports import make_exports
from tests.clock import began
from tests.factories import PersonFactory

from .conftest import MANY

SCOPE = Scope(grants={"prod": None})


def t1() -> EventQuery:
    start = began() - timedelta(days=1)
    return EventQuery(scope=SCOPE, include={"type": ("T1",)}, start=start)


ALL = EventQuery(scope=SCOPE)

pytestmark = pytest.mark.usefixtures("exports", "events")


def ask(
    user: User, *, query: EventQuery = ALL, name: str = "ndjson", now: datetime | None = None
) -> Export:
    return jobs.create_export(
        user=user,
        query=query,
        form=Form(format=name),
        said="type=T1",
        address="192.0.2.7",
        now=now or began(),
    )


def work(is_stopping: Callable[[], bool] = lambda: False) -> int:
    return make_exports(using="default", is_stopping=is_stopping)


def after(calls: int) -> Callable[[], bool]:
    """A stop that comes once it was asked for so many times."""
    left = [calls]

    def is_stopping() -> bool:
        left[0] -= 1
        return left[0] < 0

    return is_stopping


def whole(query: EventQuery, name: str) -> bytes:
    return b"".join(export(query, Form(format=name, salts_of=("prod",))))


class TestMaking:
    @pytest.mark.parametrize("name", [*FORMATS])
    def test_makes_the_file_that_a_stream_would_be(
        self, ann: User, exports: Path, name: str
    ) -> None:
        asked = ask(ann, query=t1(), name=name)
        assert (asked.state, asked.expected_rows) == ("waiting", MANY // 3)
        assert work() == 1
        asked.refresh_from_db()
        (file,) = exports.iterdir()
        body = file.read_bytes()
        assert (asked.state, asked.rows, asked.error) == ("done", MANY // 3, "")
        assert asked.bytes == len(body)
        assert asked.sha256 == sha256(body).hexdigest()
        assert jobs.query_of(asked) == t1()
        if name != "parquet":
            assert body == whole(t1(), name)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(exports.stat().st_mode) == 0o700

    @pytest.mark.parametrize("name", [*FORMATS])
    def test_goes_on_where_another_process_was_stopped(
        self, ann: User, exports: Path, name: str
    ) -> None:
        asked = ask(ann, name=name)
        work(after(3))
        asked.refresh_from_db()
        assert asked.state == "running"
        assert 0 < asked.rows < MANY
        # What was written after the last word about it doesn't count.
        (draft,) = exports.iterdir()
        with draft.open("ab") as file:
            file.write(b"half a li")
        assert work() == 1
        asked.refresh_from_db()
        (file_made,) = exports.iterdir()
        assert (asked.state, asked.rows, asked.attempts) == ("done", MANY, 2)
        assert asked.sha256 == sha256(file_made.read_bytes()).hexdigest()
        if name != "parquet":
            assert file_made.read_bytes() == whole(ALL, name)

    def test_begins_anew_where_the_file_is_gone(self, ann: User, exports: Path) -> None:
        asked = ask(ann)
        work(after(3))
        next(exports.iterdir()).unlink()
        work()
        asked.refresh_from_db()
        assert (asked.state, asked.rows) == ("done", MANY)
        assert jobs.file_of(asked).read_bytes() == whole(ALL, "ndjson")

    def test_goes_on_after_the_database_was_away(
        self, ann: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = ask(ann)

        def broken(*_: Any, **__: Any) -> Any:
            raise psycopg.OperationalError("gone")

        with monkeypatch.context() as patch:
            patch.setattr(making, "pieces", broken)
            with pytest.raises(psycopg.OperationalError):
                work()
        assert work() == 1
        asked.refresh_from_db()
        assert asked.state == "done"

    def test_says_when_the_disk_is_full(self, ann: User, exports: Path, monkeypatch: Any) -> None:
        asked = ask(ann)

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        work()
        asked.refresh_from_db()
        assert asked.state == "failed"
        assert "No space left" in asked.error
        assert list(exports.iterdir()) == []

    def test_gives_up_in_the_end(self, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(making, "MAX_ATTEMPTS", 2)
        asked = ask(ann)
        for _ in range(2):
            work(after(2))
        work()
        asked.refresh_from_db()
        assert asked.state == "failed"
        assert "begun 2 times" in asked.error

    def test_makes_the_oldest_first(self, ann: User) -> None:
        later = ask(ann, query=t1())
        ask(ann, query=t1(), now=began() - timedelta(minutes=1))
        work(after(4))
        later.refresh_from_db()
        assert later.state == "waiting"
        assert work() >= 1
        later.refresh_from_db()
        assert later.state == "done"


class TestCancelling:
    def test_stops_the_making_and_deletes_what_there_is(self, ann: User, exports: Path) -> None:
        asked = ask(ann)

        def cancel() -> bool:
            if Export.objects.filter(id=asked.id, state="running", rows__gt=0).exists():
                jobs.cancel_export(ann, asked.id, now=began())
            return False

        work(cancel)
        asked.refresh_from_db()
        assert asked.state == "cancelled"
        assert 0 < asked.rows < MANY
        assert list(exports.iterdir()) == []

    def test_keeps_what_waits_from_being_made(self, ann: User) -> None:
        asked = ask(ann)
        assert jobs.cancel_export(ann, asked.id, now=began())
        assert work() == 0
        asked.refresh_from_db()
        assert asked.state == "cancelled"

    def test_deletes_what_is_done(self, ann: User, exports: Path) -> None:
        asked = ask(ann, query=t1())
        work()
        assert jobs.cancel_export(ann, asked.id, now=began())
        assert jobs.get_export(ann, asked.id) is None
        assert list(exports.iterdir()) == []
        assert not jobs.cancel_export(ann, asked.id, now=began())


class TestFetching:
    def fetch(self, user: User, asked: Export, scope: Scope = SCOPE) -> bytes:
        with jobs.open_export(user, asked, scope=scope, address=None, now=began()) as file:
            return file.read()

    def test_gives_the_file_and_says_so_in_the_log(self, ann: User) -> None:
        asked = ask(ann, query=t1())
        work()
        asked.refresh_from_db()
        assert self.fetch(ann, asked) == whole(t1(), "ndjson")
        said = Event.objects.filter(resource_id=str(asked.id))
        assert sorted("AUDIT_EXPORT_DOWNLOAD" in event.head for event in said) == [False, True]

    def test_waits_until_it_is_done(self, ann: User) -> None:
        with pytest.raises(CannotExport, match="waiting"):
            self.fetch(ann, ask(ann))

    @pytest.mark.parametrize(
        ("then", "now", "is_allowed"),
        [
            pytest.param({"prod": None}, {"prod": None, "dev": None}, True, id="more"),
            pytest.param({"prod": None}, {"dev": None}, False, id="another environment"),
            pytest.param({"prod": None}, {"prod": frozenset({"w1"})}, False, id="one workspace"),
            pytest.param({"prod": frozenset({"w1"})}, {"prod": None}, True, id="all workspaces"),
            pytest.param(
                {"prod": frozenset({"w1", "w2"})}, {"prod": frozenset({"w1"})}, False, id="fewer"
            ),
            pytest.param({"prod": frozenset()}, {"prod": frozenset()}, True, id="none"),
        ],
    )
    def test_asks_for_the_scope_of_now(
        self, ann: User, then: Any, now: Any, is_allowed: bool
    ) -> None:
        asked = ask(ann, query=EventQuery(scope=Scope(grants=then)))
        work()
        asked.refresh_from_db()
        if is_allowed:
            fetched = self.fetch(ann, asked, Scope(grants=now))
            assert fetched == whole(jobs.query_of(asked), "ndjson")
        else:
            with pytest.raises(CannotExport, match="more than you may see"):
                self.fetch(ann, asked, Scope(grants=now))

    def test_is_for_the_owner_alone(self, ann: User) -> None:
        asked = ask(ann)
        ben = PersonFactory(username="ben", auditor=True)
        assert jobs.get_export(ben, asked.id) is None
        assert jobs.list_exports(ben) == []
        assert not jobs.cancel_export(ben, asked.id, now=began())
        assert jobs.list_exports(ann) == [asked]


class TestAsking:
    def test_is_limited(self, ann: User) -> None:
        for _ in range(jobs.MAX_UNFINISHED):
            ask(ann)
        with pytest.raises(CannotExport, match="not done yet"):
            ask(ann)

    def test_needs_a_directory(self, ann: User, settings: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "EXPORT_DIRECTORY": ""}
        with pytest.raises(CannotExport, match="EXPORT_DIRECTORY"):
            ask(ann)
        assert making.expire_exports(using="default", now=began()) == 0


class TestExpiry:
    def test_takes_rows_and_files_after_a_week(self, ann: User, exports: Path) -> None:
        asked = ask(ann, query=t1())
        work()
        asked.refresh_from_db()
        assert asked.finished_at is not None
        kept_until = asked.finished_at + jobs.KEPT
        assert jobs.expires_at(asked) == kept_until
        assert making.expire_exports(using="default", now=kept_until) == 0
        assert len(list(exports.iterdir())) == 1
        assert making.expire_exports(using="default", now=kept_until + timedelta(seconds=1)) == 1
        assert list(exports.iterdir()) == []

    def test_spares_what_is_being_made_and_takes_what_nobody_knows(
        self, ann: User, exports: Path
    ) -> None:
        ask(ann)
        work(after(3))
        (draft,) = exports.iterdir()
        (exports / "0123.csv").write_bytes(b"")
        making.expire_exports(using="default", now=began() + timedelta(days=30))
        assert list(exports.iterdir()) == [draft]

"""The row of a stream tells what came out, or that not all did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from accounts.models import User
from audit.contracts import Scope
from audit.errors import CannotExport
from audit.export import FORMATS, Form, jobs, making, streamed
from audit.models import Event, Export
from audit.query import EventQuery
from audit.worker.exports import make_exports
from tests.clock import began

from .conftest import MANY

SCOPE = Scope(grants={"prod": None})


def later() -> datetime:
    return began() + streamed.BEGUN * 2


pytestmark = pytest.mark.usefixtures("events")


def begin(user: User, *, name: str = "ndjson", now: datetime | None = None, **form: bool) -> Export:
    return streamed.begin_stream(
        user=user,
        query=EventQuery(scope=SCOPE),
        form=Form(format=name, **form),
        said="",
        address=None,
        now=now or began(),
    )


def settled(export: Export) -> Export:
    """The row, after somebody has looked for streams that are gone."""
    streamed.settle_streams(using="default", now=later())
    export.refresh_from_db()
    return export


class TestStream:
    @pytest.mark.parametrize("has_end_line", [False, True])
    @pytest.mark.parametrize("name", [*FORMATS])
    def test_tells_rows_and_hash_with_the_last_byte(
        self, ann: User, name: str, has_end_line: bool
    ) -> None:
        export = begin(ann, name=name, has_end_line=has_end_line)
        came, states = b"", []
        for piece in streamed.stream(export):
            came += piece
            export.refresh_from_db()
            states.append((export.state, export.sha256))
        digest = sha256(came).hexdigest()
        assert states == [("running", "")] * (len(states) - 1) + [("done", digest)]
        assert (export.rows, export.bytes) == (MANY, len(came))
        assert export.finished_at

    def test_is_recorded_under_its_id_before_it_begins(self, ann: User) -> None:
        export = begin(ann)
        (event,) = Event.objects.filter(resource_id=str(export.id))
        assert "AUDIT_EXPORT" in event.head

    def test_that_is_given_up_says_so(self, ann: User) -> None:
        export = begin(ann)
        given = streamed.stream(export)
        next(given)
        given.close()
        export.refresh_from_db()
        assert (export.state, export.sha256) == ("interrupted", "")
        assert 0 < export.rows < MANY
        assert export.finished_at

    def test_whose_last_piece_nobody_takes_says_so(self, ann: User) -> None:
        export = begin(ann)
        given = streamed.stream(export)
        while export.state != "done":
            next(given)
            export.refresh_from_db()
        given.close()
        export.refresh_from_db()
        assert (export.state, export.sha256) == ("interrupted", "")

    def test_that_fails_says_so(self, ann: User) -> None:
        def broken(*_: Any, **__: Any) -> Iterator[Any]:
            raise psycopg.OperationalError("gone")
            yield

        export = begin(ann)
        with patch.object(streamed, "pieces", broken), pytest.raises(psycopg.OperationalError):
            list(streamed.stream(export))
        export.refresh_from_db()
        assert export.state == "interrupted"


class TestSettling:
    def test_finds_a_stream_whose_process_is_gone(self, ann: User) -> None:
        assert settled(begin(ann)).state == "interrupted"

    def test_leaves_one_alone_that_has_only_begun(self, ann: User) -> None:
        assert settled(begin(ann, now=later() - timedelta(seconds=1))).state == "running"

    def test_leaves_one_alone_that_somebody_reads(self, ann: User) -> None:
        export = begin(ann)
        given = streamed.stream(export)
        next(given)
        assert settled(export).state == "running"
        rest = b"".join(given)
        assert rest
        assert settled(export).state == "done"

    def test_is_done_before_anything_expires(self, ann: User, settings: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "EXPORT_DIRECTORY": ""}
        begin(ann)
        assert making.expire_exports(using="default", now=later()) == 0
        after = later() + jobs.KEPT + timedelta(seconds=1)
        assert making.expire_exports(using="default", now=after) == 1


@pytest.mark.usefixtures("exports")
class TestAmongExports:
    def test_is_never_made_by_the_worker(self, ann: User) -> None:
        export = begin(ann)
        assert not jobs.is_waiting(using="default")
        assert make_exports(using="default", is_stopping=lambda: False) == 0
        export.refresh_from_db()
        assert (export.state, export.attempts) == ("running", 0)

    def test_counts_for_nothing_that_is_asked_for(self, ann: User) -> None:
        for _ in range(jobs.MAX_UNFINISHED):
            begin(ann)
        query = EventQuery(scope=SCOPE)
        form = Form(format="csv")
        assert jobs.create_export(
            user=ann, query=query, form=form, said="", address=None, now=began()
        ).pk

    def test_hides_no_file_from_the_list(self, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "MAX_LISTED", 2)
        query = EventQuery(scope=SCOPE)
        form = Form(format="csv")
        file = jobs.create_export(
            user=ann, query=query, form=form, said="", address=None, now=began()
        )
        streams = [begin(ann, now=began() + timedelta(seconds=n)) for n in range(4)]
        assert jobs.list_exports(ann) == [streams[3], streams[2], file]

    def test_has_no_file_and_is_deleted_once_it_is_over(self, ann: User) -> None:
        export = begin(ann)
        with pytest.raises(CannotExport, match="hang up"):
            jobs.cancel_export(ann, export.id, now=began())
        assert b"".join(streamed.stream(export))
        export.refresh_from_db()
        with pytest.raises(CannotExport, match="streamed"):
            jobs.open_export(ann, export, scope=SCOPE, address=None, now=began())
        assert jobs.cancel_export(ann, export.id, now=began())
        assert jobs.get_export(ann, export.id) is None

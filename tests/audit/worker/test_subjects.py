"""The names under which somebody or something was last seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from django.db import connection

from audit.log.cursor import psycopg_cursor
from audit.log.hashes import text_key
from audit.log.ids import time_of
from audit.models import Subject, SubjectWord, SubjectWordHead, WorkspaceSubject
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor
from audit.worker import batch, subject_words
from audit.worker.subject_words import NO_WORKSPACE, Renamed, backfill_words, update_words
from audit.worker.subjects import EXACT_WITHIN_SECONDS

from .events import NOW, record, work

pytestmark = pytest.mark.django_db


def seen_in_events() -> dict[tuple[Any, ...], list[Any]]:
    """What the subjects are, by going through the events from the oldest: name, e-mail, gid,
    last seen; keys begin with the workspace's, None for everywhere.
    """
    found: dict[tuple[Any, ...], list[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.environment, e.workspace_id, e.actor_id, e.application_id,"
            " e.application_gid, e.resource_type, e.resource_id, e.personal, e.details, t.code"
            " FROM audit_event e JOIN audit_eventtype t ON t.id = e.type"
            " ORDER BY left(e.id::text, 18), e.submission_id, e.ordinal"
        )
        for row in cursor.fetchall():
            for kind, id_, told in _told(row):
                places = {None}
                if row[2] is not None and kind != "workspace":
                    places.add(text_key(row[2]))
                for place in places:
                    at = time_of(row[0])
                    values = found.setdefault((place, row[1], kind, id_), [None] * 3 + [at])
                    values[:3] = [new or old for new, old in zip(told, values[:3], strict=True)]
                    values[3] = at
    return found


def _told(row: tuple[Any, ...]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    _, _, workspace, actor, application, gid, type_, resource, personal, details, code = row
    people, things = msgspec.json.decode(personal), msgspec.json.decode(details)

    def name(part: str) -> Any:
        return {**people, **things}.get(part, {}).get("name")

    yield "type", code, (None, None, None)
    if workspace:
        yield "workspace", workspace, (name("workspace"), None, None)
    if actor:
        yield "actor", actor, (name("actor"), people["actor"].get("email"), None)
    if application:
        yield "application", application, (name("application"), None, gid)
    if resource:
        yield f"resource:{type_}", resource, (name("resource"), None, None)


def kept_subjects() -> dict[tuple[Any, ...], list[Any]]:
    columns = ("name", "email", "gid", "last_seen")
    return {
        (getattr(row, "workspace_key", None), row.environment, row.kind, row.subject_id): [
            getattr(row, column) for column in columns
        ]
        for model in (Subject, WorkspaceSubject)
        for row in model.objects.all()
    }


@pytest.fixture
def environments() -> None:
    ensure_environment("prod")


class TestSubjects:
    @pytest.mark.usefixtures("environments")
    @pytest.mark.parametrize("rows_a_batch", [7, 10_000])
    def test_have_the_newest_names(
        self, rows_a_batch: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "MAX_ROWS", rows_a_batch)
        random = Random(12)
        for n in range(3):
            record(random, 40, start=NOW + n * timedelta(days=2))
            work()
            expected, kept = seen_in_events(), kept_subjects()
            assert kept.keys() == expected.keys()
            for key, row in kept.items():
                # Everywhere it is the name of the workspace that was seen last, if it has one.
                told = [bool(v) for v in row[:3]] if key[0] is None else row[:3]
                known = expected[key][:3]
                assert told == ([bool(v) for v in known] if key[0] is None else known)
            late = [expected[key][3] - row[3] for key, row in kept.items()]
            assert min(late) >= timedelta()
            assert max(late) < timedelta(seconds=EXACT_WITHIN_SECONDS)

    @pytest.mark.usefixtures("environments")
    def test_keep_a_newer_name_from_an_older_event(self) -> None:
        for name, at in (("Ann Ray", NOW), ("Ann Lee", NOW - timedelta(hours=1))):
            event = SubmittedEvent(type="X", time=at.isoformat(), actor=Actor(id="ann", name=name))
            record_events([event], origin=Origin(environment="prod"), received_at=NOW)
            work()
        ann = Subject.objects.get(kind="actor")
        assert (ann.name, ann.last_seen) == ("Ann Ray", NOW)

    @pytest.mark.usefixtures("environments")
    @pytest.mark.parametrize("rows", [2, 1_000])
    def test_have_the_name_handed_in_last_of_one_time(
        self, rows: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "MAX_ROWS", rows)
        for who in ("ann", "ben", "cem", "dan"):
            events = [
                SubmittedEvent(
                    type="X", time=NOW.isoformat(), actor=Actor(id=who, name=f"{who} {n}")
                )
                for n in range(5)
            ]
            record_events(events, origin=Origin(environment="prod"), received_at=NOW)
        work()
        names = Subject.objects.filter(kind="actor").values_list("name", flat=True)
        assert sorted(names) == ["ann 4", "ben 4", "cem 4", "dan 4"]

    @pytest.mark.usefixtures("environments")
    @pytest.mark.parametrize(
        ("seconds", "is_written"), [pytest.param(59, False), pytest.param(60, True)]
    )
    def test_are_written_when_seen_a_minute_later(self, seconds: int, is_written: bool) -> None:
        for at in (NOW, NOW + timedelta(seconds=seconds)):
            event = SubmittedEvent(
                type="X", time=at.isoformat(), actor=Actor(id="ann", name="Ann Lee")
            )
            record_events([event], origin=Origin(environment="prod"), received_at=NOW)
            work()
        ann = Subject.objects.get(kind="actor")
        assert ann.last_seen == (at if is_written else NOW)

    @pytest.mark.usefixtures("environments")
    def test_are_renamed_at_once(self) -> None:
        for n, name in enumerate(("Ann Lee", "Ann Ray", None)):
            at = NOW + timedelta(seconds=n)
            event = SubmittedEvent(type="X", time=at.isoformat(), actor=Actor(id="ann", name=name))
            record_events([event], origin=Origin(environment="prod"), received_at=NOW)
            work()
        assert Subject.objects.get(kind="actor").name == "Ann Ray"


class TestWords:
    """Of subjects that were noted before there were words"""

    @pytest.fixture
    def before(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
        """Note 40 events' subjects, and forget their words; return these."""
        ensure_environment("prod")
        record(Random(5), 40, start=NOW)
        work()
        words = all_words()
        assert words
        SubjectWord.objects.all().delete()
        SubjectWordHead.objects.all().delete()
        for source in ("audit_subject", "audit_workspacesubject"):
            SubjectWordHead.objects.create(
                source=source,
                environment=-32_768,
                workspace_key=NO_WORKSPACE,
                kind="",
                subject_id="",
            )
        monkeypatch.setattr(subject_words, "SUBJECTS_AT_A_TIME", 7)
        return words

    def test_are_added_a_few_at_a_time(self, before: list[tuple[Any, ...]]) -> None:
        rounds = 0
        while backfill_words(using="default"):
            rounds += 1
        assert all_words() == before
        assert rounds > 2
        assert not SubjectWordHead.objects.exists()

    def test_are_added_though_a_name_changes_meanwhile(self, before: list[tuple[Any, ...]]) -> None:
        assert backfill_words(using="default")
        record(Random(6), 40, start=NOW + timedelta(days=1))
        work()
        while backfill_words(using="default"):
            pass
        kept = all_words()
        SubjectWord.objects.all().delete()
        for model in (Subject, WorkspaceSubject):
            update_words(
                psycopg_cursor("default"),
                (
                    Renamed(
                        environment=row.environment,
                        workspace_key=getattr(row, "workspace_key", NO_WORKSPACE),
                        kind=row.kind,
                        subject_id=row.subject_id,
                        name=row.name,
                        old_name=None,
                    )
                    for row in model.objects.all()
                ),
            )
        assert kept == all_words()

    def test_give_older_names_one_form(self, before: list[tuple[Any, ...]]) -> None:
        Subject.objects.filter(kind="actor").update(name_lower="zoe\u0308")
        while backfill_words(using="default"):
            pass
        lower = set(Subject.objects.filter(kind="actor").values_list("name_lower", flat=True))
        assert lower == {"zo\xeb"}


def all_words() -> list[tuple[Any, ...]]:
    return sorted(SubjectWord.objects.values_list("list_key", "subject_key", "word", "subject_id"))

"""Counting: what the rollups say is what the table holds, before and after the worker."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.http import QueryDict

from audit.contracts import Scope
from audit.log.ids import time_of
from audit.models import Event, LogHead, Pending, Position, RollupDay, Subject
from audit.query import count_events, histogram, parse_query
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Workspace
from audit.worker.rollups import count_positions
from tests.audit.query.recorded import work
from tests.clock import began
from tests.zones import going_by, write_rules

pytestmark = pytest.mark.django_db
FILTERS = (
    "",
    "from=-3d",
    "from=-40d",
    "environment=prod",
    "workspace=w1",
    "type=T1&outcome=denied",
)


def record(count: int, *, seed: int) -> None:
    random = Random(seed)
    for key in ("dev", "prod"):
        ensure_environment(key)
        events = [
            SubmittedEvent(
                type=f"T{random.randrange(3)}",
                time=(began() - timedelta(hours=random.random() * 24 * 60)).isoformat(),
                outcome=random.choice(["success", "failure", "denied", None]),
                workspace=random.choice([None, Workspace(id="w1", name="Sales")]),
                actor=Actor(id="ann", name=f"Ann {n}"),
            )
            for n in range(count)
        ]
        record_events(events, origin=Origin(environment=key, sender_id=1), received_at=began())


def totals() -> list[int]:
    scope = Scope(grants={"dev": None, "prod": None})
    found = []
    for filter_ in FILTERS:
        query = parse_query(QueryDict(filter_), scope=scope, now=began())
        found += [histogram(query, by=by, now=began()).total for by in ("type", "environment")]
        found.append(count_events(query).count)
    return found


def days() -> Counter[date]:
    rows = RollupDay.objects.filter(environment=0, all_workspaces=True)
    found: Counter[date] = Counter()
    for row in rows:
        found[row.day] += sum(row.totals)
    return found


def days_of_events(hours: int) -> Counter[date]:
    """The same by going through the events, so many hours from UTC."""
    away = timedelta(hours=hours)
    return Counter((time_of(event.id) + away).date() for event in Event.objects.all())


class TestDoRound:
    def test_counts_what_the_chart_said_before(self) -> None:
        record(100, seed=1)
        before = totals()
        work()
        assert totals() == before
        assert before[0] == 200
        record(30, seed=2)
        fresh = totals()
        work()
        assert totals() == fresh

    def test_gives_positions_without_a_gap(self) -> None:
        for seed in range(4):
            record(5, seed=seed)
        work()
        assert not Pending.objects.exists()
        for head in LogHead.objects.all():
            rows = Position.objects.filter(environment=head.environment).order_by("first")
            ends = [0]
            for row in rows:
                assert row.first == ends[-1]
                ends.append(row.first + row.count)
            assert ends[-1] == head.size == 20

    def test_keeps_the_last_name_of_a_person(self) -> None:
        record(3, seed=1)
        work()
        assert Subject.objects.filter(kind="actor", subject_id="ann").count() == 2

    def test_counts_again_in_another_zone(self, settings: object) -> None:
        record(50, seed=3)
        work()
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "Asia/Tokyo"}  # type: ignore[attr-defined]
        work()
        assert (
            sum(sum(r.totals) for r in RollupDay.objects.filter(environment=0, all_workspaces=True))
            == 100
        )
        assert totals()[0] == 100

    def test_counts_again_by_other_rules_of_the_same_zone(
        self, settings: object, tmp_path: Path
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "America/Winnipeg"}  # type: ignore[attr-defined]
        east = write_rules(tmp_path / "east", version="2000a", Winnipeg="Etc/GMT-14")
        west = write_rules(tmp_path / "west", version="2000b", Winnipeg="Etc/GMT+11")
        found = []
        with going_by(east):
            record(50, seed=3)
            work()
            found.append(days())
        with going_by(west):
            work()
            found.append(days())
        assert found == [days_of_events(14), days_of_events(-11)]
        assert found[0] != found[1]

    def test_counts_nothing_again_by_the_same_rules(self, settings: object, tmp_path: Path) -> None:
        settings.AUDIT = {**settings.AUDIT, "TIME_ZONE": "America/Winnipeg"}  # type: ignore[attr-defined]
        record(5, seed=3)
        work()
        copy = write_rules(tmp_path / "copy", version="2000a", Winnipeg="America/Winnipeg")
        with going_by(copy):
            assert count_positions(using="default") == 0

"""Promotions are read from the events, within scope and bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.conf import AuditSettings
from audit.contracts import EnvironmentInfo, Scope
from audit.query.compare import promotions
from audit.query.compare.drift import find_app, find_copies
from audit.query.compare.promotions import (
    Promotions,
    find_promotions,
    listed_environments,
    version_of,
)
from audit.record.submitted import Actor, Application, SubmittedEvent
from tests.audit.query.recorded import ALL, KEYS, event, list_three, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _three(settings: Any) -> None:
    settings.AUDIT = {**settings.AUDIT, "ENVIRONMENTS": "tests.audit.query.recorded.list_three"}


def publish(key: str, days: float, tag: str | None = "1.0", **more: Any) -> SubmittedEvent:
    members = {
        "application": (f"{key}-1", "gid-1", "Orders"),
        "actor": "ann",
        "details": {"tag": tag} if tag else {},
        **more,
    }
    return event("APPLICATION_PUBLISH", NOW - timedelta(days=days), **members)


def find(scope: Scope = ALL, *, days: float = 7, **more: Any) -> Promotions:
    return find_promotions(scope=scope, start=NOW - timedelta(days=days), end=NOW, **more)


class TestFindPromotions:
    def test_joins_what_it_reads(self) -> None:
        for key, days in (("dev", 3), ("staging", 2), ("prod", 1)):
            record(key, [publish(key, days)], now=NOW)
        before = find()
        work()
        found = find()
        assert [line.stages for line in found.lines] == [line.stages for line in before.lines]
        (line,) = found.lines
        assert line.lead == timedelta(days=2)
        assert line.reached[0].first.actor.name == "Ann"
        assert found.apps[line.app].name == "Orders"
        assert found.looked_back_to is None

    def test_keeps_the_names_of_then(self) -> None:
        then = {"application": ("prod-1", "gid-1", "Orders"), "actor": "ann"}
        record("prod", [event("APPLICATION_UPDATE", NOW - timedelta(days=2), **then)], now=NOW)
        record("dev", [publish("dev", 3)], now=NOW)
        today = SubmittedEvent(
            type="APPLICATION_VIEW",
            time=(NOW - timedelta(hours=1)).isoformat(),
            actor=Actor(id="ann", name="Ann Smith"),
            application=Application(id="prod-1", gid="gid-1", name="Sales orders"),
        )
        record("prod", [today], now=NOW)
        work()
        found = find()
        assert [
            (line.app_name, step.actor.name) for line in found.lines for step in line.steps
        ] == [("Orders", "Ann"), ("Orders", "Ann")]
        app = find_app("gid:gid-1", scope=ALL)
        assert app is not None
        assert app.name == "Sales orders"
        copies = find_copies(app, scope=ALL, environments=list_three())
        assert {c.change.actor.name for c in copies if c.change} == {"Ann"}

    def test_looks_for_earlier_stages_before_the_period(self) -> None:
        record("dev", [publish("dev", 60)], now=NOW)
        record("staging", [publish("staging", 50), publish("staging", 40, "0.9")], now=NOW)
        record("prod", [publish("prod", 1)], now=NOW)
        work()
        (line,) = find().lines
        assert line.flags == ()

    def test_leaves_out_what_did_not_succeed(self) -> None:
        record("prod", [publish("prod", 1, outcome="failure")], now=NOW)
        assert find().lines == ()

    def test_keeps_to_the_scope(self) -> None:
        record("dev", [publish("dev", 2, workspace="sales"), publish("dev", 2, "2")], now=NOW)
        record("prod", [publish("prod", 1, workspace="sales")], now=NOW)
        (line,) = find(Scope(grants={"dev": frozenset({"sales"}), "staging": None})).lines
        assert [s.environment for s in line.reached] == ["dev"]
        assert find(Scope()).lines == ()

    def test_says_how_far_it_looked_where_there_is_too_much(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(promotions, "MAX_ARRIVALS", 2)
        record("dev", [publish("dev", n, f"{n}") for n in (1, 2, 3)], now=NOW)
        found = find()
        assert [line.version for line in found.lines] == ["1", "2"]
        assert found.looked_back_to == NOW - timedelta(days=2)

    def test_narrows_to_workspace_and_app(self) -> None:
        crm = publish("dev", 1, application=("dev-2", "gid-2", "CRM"), workspace="ops")
        record("dev", [publish("dev", 1, workspace="sales"), crm], now=NOW)
        work()
        assert [line.app for line in find(workspaces=("ops",)).lines] == ["gid:gid-2"]
        assert [line.app for line in find(application_ids=("dev-1",)).lines] == ["gid:gid-1"]


class TestPath:
    def test_is_the_hosts_order_as_far_as_it_is_seen(self) -> None:
        assert [info.key for info in find().path] == list(KEYS)
        seen = find(Scope(grants={"staging": None, "dev": None}))
        assert [info.key for info in seen.path] == ["dev", "staging"]
        assert (seen.production, seen.has_production) == ((), True)

    def test_leaves_out_what_is_not_on_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sandbox = EnvironmentInfo(key="staging", name="Sandbox", is_on_path=False)
        listed = [list_three()[0], list_three()[2], sandbox]
        monkeypatch.setattr(
            AuditSettings, "list_environments", property(lambda self: lambda: listed)
        )
        for key, days, tag in (("dev", 4, "1"), ("staging", 3, "1-dirty"), ("prod", 1, "1")):
            record(key, [publish(key, days, tag)], now=NOW)
        work()
        found = find()
        assert [line.version for line in found.lines] == ["1"]
        assert found.lines[0].flags == ()
        app = find_app("gid:gid-1", scope=ALL)
        assert app is not None
        copies = find_copies(app, scope=ALL, environments=listed_environments(ALL))
        assert [(copy.environment, copy.is_apart) for copy in copies] == [
            ("dev", False),
            ("prod", False),
            ("staging", False),
        ]


class TestVersionOf:
    @pytest.mark.parametrize(
        ("part", "expected"),
        [
            ({"details": {"tag": " v3 ", "version": "9"}}, "v3"),
            ({"details": {"version": 14}}, "14"),
            ({"details": {"tag": "", "newVersion": "2.0"}}, "2.0"),
            ({"changes": [{"field": "name", "new": "x"}, {"field": "version", "new": "4"}]}, "4"),
            ({"details": {"tag": {"a": 1}, "version": True}}, None),
            ({}, None),
        ],
    )
    def test_reads(self, part: dict[str, Any], expected: str | None) -> None:
        assert version_of(part) == expected


class TestFindCopies:
    def test_tells_last_version_and_change_of_each(self) -> None:
        edit = event("APPLICATION_UPDATE", NOW, application=("prod-1", "gid-1", "O"), actor="ben")
        record("dev", [publish("dev", 3), publish("dev", 2, "1.1")], now=NOW)
        record("prod", [publish("prod", 1), edit], now=NOW)
        work()
        app = find_app("gid:gid-1", scope=ALL)
        assert app is not None
        dev, staging, prod = find_copies(app, scope=ALL, environments=list_three())
        assert dev.arrival is not None
        assert (dev.arrival.version, dev.is_apart) == ("1.1", False)
        assert (staging.arrival, staging.change, staging.ids) == (None, None, ())
        assert prod.arrival is not None
        assert (prod.arrival.version, prod.is_apart) == ("1.0", True)
        assert prod.change is not None
        assert (prod.change.type, prod.change.actor.name) == ("APPLICATION_UPDATE", "Ben")

    def test_knows_no_app_of_another_key(self) -> None:
        record("dev", [publish("dev", 3)], now=NOW)
        work()
        assert find_app("gid:other", scope=ALL) is None
        assert find_app("gid:gid-1", scope=Scope(grants={"prod": None})) is None

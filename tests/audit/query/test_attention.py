"""What the home page tells is so, and nothing more."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.query import attention
from audit.query.attention import (
    Refused,
    first_sign_ins,
    has_events,
    newest_documents,
    recent_counts,
    refused_by_sender,
    without_system,
)
from audit.record import Origin, ensure_environment
from audit.record.rejected import Rejection as RefusedEvent
from audit.record.rejected import prepare_rejected, store_rejected
from audit.record.submitted import SubmittedEvent

from .recorded import ALL, KEYS, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(days: float, agent: str = FIREFOX, **more: Any) -> SubmittedEvent:
    members = {"actor": "ann", "agent": agent, **more}
    return event("USER_LOGIN", NOW - timedelta(days=days), **members)


def new(scope: Scope = ALL) -> list[str | None]:
    work()
    found = first_sign_ins(
        scope=scope, start=NOW - timedelta(days=7), end=NOW + timedelta(days=1), limit=5
    )
    return [client.agent_name for one in found if (client := one.document.client)]


def refuse(environment: str, sender: int, hours: float, *, count: int = 1) -> None:
    for key in KEYS:
        ensure_environment(key)
    cursor = psycopg_cursor("default")
    at = NOW - timedelta(hours=hours)
    origin = Origin(environment=environment, sender_id=sender, sender="s", ip_address="127.0.0.1")
    one = RefusedEvent(index=0, text=b"{}", problems=())
    prepared = prepare_rejected(
        [one] * count, sent_as="native", origin=origin, received_at=at, cursor=cursor
    )
    store_rejected(prepared, cursor=cursor)


def refused(scope: Scope = ALL) -> dict[int, Refused]:
    return refused_by_sender(scope=scope, now=NOW)


class TestActivity:
    def test_compares_with_the_same_weekday(self) -> None:
        days = (0.5, 0.6, 7.1, 14.1, 14.2, 14.3, 15.5)
        record("prod", [event("T", NOW - timedelta(days=d)) for d in days], now=NOW)
        for _ in range(2):
            dev, _staging, prod = recent_counts(scope=ALL, now=NOW).activity
            assert (prod.count, prod.usual) == (2, 2.0)
            assert (dev.count, dev.usual) == (0, None)
            work()


class TestRecentCounts:
    def test_names_environment_and_type(self) -> None:
        at = NOW - timedelta(minutes=1)
        record("prod", [event("A", at), event("B", at), event("B", at)], now=NOW)
        counts = recent_counts(scope=ALL, now=NOW)
        assert counts.last_day == Counter({("prod", "B"): 2, ("prod", "A"): 1})

    def test_tells_each_span_what_lies_in_it(self) -> None:
        edges = (0, 1, 7, 8, 14, 15, 21, 22, 28, 29)
        around = [timedelta(days=d, minutes=m) for d in edges for m in (-1, 1) if d or m > 0]
        record("prod", [event("T", NOW - each) for each in around], now=NOW)
        record("dev", [event("U", NOW - timedelta(days=2))], now=NOW)
        for _ in range(2):
            counts = recent_counts(scope=ALL, now=NOW)
            assert counts.last_day == Counter({("prod", "T"): 2})
            assert counts.last_week == Counter({("prod", "T"): 4, ("dev", "U"): 1})
            dev, _staging, prod = counts.activity
            assert (prod.count, prod.usual) == (2, 2.0)
            assert (dev.count, dev.usual) == (0, None)
            work()


class TestFirstSignIns:
    def test_tell_of_a_device_that_was_not_used_before(self) -> None:
        record("prod", [sign_in(20), sign_in(3), sign_in(2, IPHONE), sign_in(1, IPHONE)], now=NOW)
        assert len(new()) == 1
        (one,) = first_sign_ins(
            scope=ALL, start=NOW - timedelta(days=7), end=NOW + timedelta(days=1), limit=5
        )
        assert one.kinds == ("device",)
        assert one.document.time.startswith("2026-03-13")

    def test_leave_out_a_persons_very_first(self) -> None:
        record("prod", [sign_in(2)], now=NOW)
        assert new() == []

    def test_leave_out_what_failed_and_what_is_long_ago(self) -> None:
        record("prod", [sign_in(30), sign_in(20, IPHONE), sign_in(40)], now=NOW)
        record("dev", [sign_in(3), sign_in(2, IPHONE, outcome="failure")], now=NOW)
        assert new() == []

    def test_take_what_arrives_late_in_its_place(self) -> None:
        record("prod", [sign_in(5), sign_in(2, IPHONE)], now=NOW)
        assert len(new()) == 1
        record("prod", [sign_in(6, IPHONE)], now=NOW)
        assert len(new()) == 1
        (one,) = first_sign_ins(
            scope=ALL, start=NOW - timedelta(days=7), end=NOW + timedelta(days=1), limit=5
        )
        assert one.document.time.startswith("2026-03-10")

    def test_keep_to_the_scope(self) -> None:
        record("prod", [sign_in(5, workspace="ops"), sign_in(2, IPHONE, workspace="ops")], now=NOW)
        assert new(Scope(grants={"prod": frozenset({"sales"})})) == []
        assert new(Scope(grants={"dev": None})) == []
        assert new(Scope()) == []

    def test_are_not_hidden_by_what_is_outside_the_scope(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attention, "BATCHES", (2, 3, 50))
        record(
            "prod", [sign_in(6, workspace="sales"), sign_in(5, IPHONE, workspace="sales")], now=NOW
        )
        for n in range(4):
            who = {"actor": f"ops{n}", "workspace": "ops"}
            record("prod", [sign_in(4, **who), sign_in(1 + n / 10, IPHONE, **who)], now=NOW)
        assert len(new()) == 5
        assert len(new(Scope(grants={"prod": frozenset({"sales"})}))) == 1


class TestRefusedBySender:
    def test_counts_the_last_24_hours_in_whole_environments(self) -> None:
        for hours in (1, 2, 20, 30):
            refuse("prod", 4, hours)
        assert refused() == {4: Refused(count=3, is_capped=False)}
        assert refused(Scope(grants={"prod": frozenset({"sales"})})) == {}
        assert refused(Scope(grants={"dev": None})) == {}

    def test_is_not_changed_by_a_flood_elsewhere(self, settings: Any) -> None:
        refuse("prod", 4, 3)
        refuse("dev", 5, 1, count=12_000)
        refuse("staging", 6, 2, count=12_000)
        assert refused() == {
            4: Refused(count=1, is_capped=False),
            5: Refused(count=12_000, is_capped=False),
            6: Refused(count=12_000, is_capped=False),
        }
        assert refused(Scope(grants={"prod": None})) == {4: Refused(count=1, is_capped=False)}

    def test_says_where_yesterdays_were_too_many_to_keep(self, settings: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "MAX_REJECTED_A_DAY": 2}
        refuse("prod", 4, 20, count=3)
        refuse("prod", 4, 1, count=3)
        assert refused() == {4: Refused(count=5, is_capped=True)}


class TestNewestDocuments:
    def test_merge_several_types_newest_first(self) -> None:
        kinds = ("A_DELETE", "B_DELETE", "OTHER")
        events = [event(t, NOW - timedelta(hours=h)) for h, t in enumerate(kinds * 2)]
        record("prod", [*events, event("A_DELETE", NOW, outcome="denied")], now=NOW)
        found = newest_documents(
            ("A_DELETE", "B_DELETE", "NEVER_SEEN"),
            scope=ALL,
            start=NOW - timedelta(days=1),
            end=NOW,
            limit=3,
        )
        assert [d.type for d in found] == ["B_DELETE", "A_DELETE", "B_DELETE"]


class TestHasEvents:
    def test_asks_in_the_scope(self) -> None:
        assert not has_events(ALL, now=NOW)
        record("prod", [event("T", NOW)], now=NOW)
        assert has_events(ALL, now=NOW)
        assert not has_events(Scope(grants={"dev": None}), now=NOW)


class TestWithoutSystem:
    def test_leaves_the_companys_environments(self) -> None:
        scope = Scope(grants={"prod": None, "audit-system": None})
        assert without_system(scope).environments == ("prod",)

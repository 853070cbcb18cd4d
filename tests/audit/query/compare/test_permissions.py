"""Permissions come to what the last event of a column says of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.query.compare.comparison import Column, CompareQuery
from audit.query.compare.permissions import Permission, compare_permissions
from audit.record.submitted import Resource, SubmittedEvent
from tests.audit.query.recorded import ALL, data_source, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)


def grant(hours: int, *, verb: str = "GRANT", id_: str = "d1", role: str | None = "editor",
          user: str = "u1", **more: Any) -> SubmittedEvent:  # fmt: skip
    return event(
        f"DATA_SOURCE_PERMISSION_{verb}",
        NOW - timedelta(hours=hours),
        resource=data_source(id_, "ledger"),
        targets=(Resource(type="user", id=user, name="Ann"),),
        details={"role": role} if role else {},
        **more,
    )


def compared() -> list[Permission]:
    work()
    columns = tuple(
        Column(key=k, environment=k, start=NOW - timedelta(days=7), end=NOW)
        for k in ("dev", "prod")
    )
    return list(compare_permissions(CompareQuery(scope=ALL, columns=columns)).rows)


def cells(row: Permission) -> list[tuple[str, str | None] | None]:
    return [(cell.state, cell.role) if cell else None for cell in row.cells]


class TestComparePermissions:
    def test_tells_what_was_given_in_one_alone(self) -> None:
        record("prod", [grant(5)], now=NOW)
        (row,) = compared()
        assert (row.thing_kind, row.thing, row.holder) == ("data source", "ledger", "Ann")
        assert cells(row) == [None, ("given", "editor")]
        assert row.differs

    def test_joins_the_same_data_source_and_user(self) -> None:
        signed_in = "USER_LOGIN"
        record("dev", [event(signed_in, NOW, actor=("u1", "ann@example.com")), grant(5)], now=NOW)
        record(
            "prod",
            [event(signed_in, NOW, actor=("u7", "ann@example.com")),
             grant(3, id_="p1", user="u7", role="viewer")],
            now=NOW,
        )  # fmt: skip
        (row,) = compared()
        assert cells(row) == [("given", "editor"), ("given", "viewer")]

    def test_lets_the_last_word_stand(self) -> None:
        record("dev", [grant(5), grant(4, verb="DELETE")], now=NOW)
        record("prod", [grant(5), grant(6, verb="DELETE"), grant(4, verb="UPDATE", role="owner")],
               now=NOW)  # fmt: skip
        (row,) = compared()
        assert cells(row) == [("taken", None), ("given", "owner")]

    def test_lets_the_last_word_of_one_time_stand(self) -> None:
        for n in range(9):
            who = f"u{n}"
            record(
                "prod", [grant(5, user=who), grant(5, user=who, verb="DELETE", role=None)], now=NOW
            )
        rows = compared()
        assert [cells(row) for row in rows] == [[None, ("taken", None)]] * 9

    def test_puts_what_is_the_same_last(self) -> None:
        for key in ("dev", "prod"):
            record(key, [grant(5)], now=NOW)
        record("dev", [grant(5, user="u2")], now=NOW)
        assert [row.differs for row in compared()] == [True, False]

    def test_leaves_out_what_did_not_succeed(self) -> None:
        record("prod", [grant(5, outcome="denied")], now=NOW)
        assert compared() == []

    def test_reads_apps_permissions(self) -> None:
        given = event(
            "APPLICATION_PERMISSION_CHANGE",
            NOW,
            application=("a1", "g1", "Orders"),
            details={"userIds": ["u1"], "groupIds": ["g1"], "role": "viewer"},
        )
        record("prod", [given], now=NOW - timedelta(hours=1))
        columns = (Column(key="p", environment="prod", start=NOW, end=NOW + timedelta(hours=1)),)
        work()
        rows = compare_permissions(CompareQuery(scope=ALL, columns=columns)).rows
        assert {(row.thing, row.holder_kind, row.holder) for row in rows} == {
            ("Orders", "user", "u1"),
            ("Orders", "group", "g1"),
        }

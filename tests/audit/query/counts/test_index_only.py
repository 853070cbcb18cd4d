"""Counting by the hash of a user or an app never counts somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zlib import crc32

import pytest
from django.http import QueryDict

from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.query import EventQuery, histogram, parse_query
from audit.query.counts.index_only import count_by_hash
from audit.query.counts.series import Range, Split, count_ranges
from tests.audit.query.recorded import ALL, event, record, work

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 13, 17, tzinfo=UTC)
START = NOW - timedelta(days=40)
# Two words of one CRC-32.
ONE, OTHER = "plumless", "buckeroo"
APART: frozenset[Split] = frozenset(get_args(Split))


def query_of(filters: str, scope: Scope = ALL) -> EventQuery:
    return parse_query(QueryDict(filters), scope=scope, now=NOW)


def counted(query: EventQuery) -> Any:
    whole = [Range(edges=(START, NOW - timedelta(days=10), NOW + timedelta(hours=1)))]
    found = count_by_hash(psycopg_cursor("default"), query, whole, split=APART)
    if found is not None:
        expected = count_ranges(psycopg_cursor("default"), query, whole, split=APART)
        assert sorted(found, key=repr) == sorted(expected, key=repr)
        return sum(sum(series.counts) for series in found)
    return None


class TestCountByHash:
    @pytest.fixture(autouse=True)
    def events(self) -> None:
        record(
            "prod",
            [
                event("USER_LOGIN", NOW - timedelta(days=n), actor=who, workspace=where)
                for n, who, where in ((1, "ann", "w1"), (2, "ann", "w2"), (20, "ben", "w1"))
            ],
            now=NOW,
        )

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ("actor=ann", 2),
            ("actor=ann&actor=ben", 3),
            ("actor=ann&workspace=w1", 1),
            ("actor=ann&type=USER_LOGIN&exclude_outcome=failure", 2),
            ("actor=ann&group=applications", 0),
            ("actor=nobody", 0),
        ],
    )
    def test_counts_what_counting_by_text_counts(self, filters: str, count: int) -> None:
        assert counted(query_of(filters)) == count
        work()
        assert counted(query_of(filters)) == count

    @pytest.mark.parametrize(
        "filters",
        ["workspace=w1", "actor=ann&session=s", "actor=ann&exclude_workspace=w1", "actor=ann&q=x"],
    )
    def test_leaves_alone_what_one_index_does_not_hold(self, filters: str) -> None:
        assert counted(query_of(filters)) is None

    def test_leaves_alone_a_scope_of_workspaces(self) -> None:
        scope = Scope(grants={"prod": frozenset({"w1"})})
        assert counted(query_of("actor=ann", scope)) is None

    @pytest.mark.parametrize("is_counted", [False, True], ids=["uncounted", "counted"])
    def test_gives_up_where_another_id_has_the_hash(self, is_counted: bool) -> None:
        assert crc32(ONE.encode()) == crc32(OTHER.encode())
        record("prod", [event("USER_LOGIN", NOW - timedelta(days=3), actor=ONE)], now=NOW)
        work()
        assert counted(query_of(f"actor={ONE}")) == 1
        record(
            "prod",
            [event("USER_LOGIN", NOW - timedelta(days=n), actor=OTHER) for n in (3, 4)],
            now=NOW,
        )
        if is_counted:
            work()
        assert counted(query_of(f"actor={ONE}")) is None
        assert histogram(query_of(f"actor={ONE}"), now=NOW).total == 1
        assert histogram(query_of(f"actor={OTHER}"), now=NOW).total == 2
        assert counted(query_of(f"actor={ONE}&actor={OTHER}")) == 3

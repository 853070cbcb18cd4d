"""What is refused isn't gone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from audit.models import Rejected
from environments.models import Environment
from tests.factories import EnvironmentFactory, IngestKeyFactory

BAD = {"type": "X", "actr": {"name": "Ann"}, "details": {"password": "hunter2hunter2"}}
LATE = {"type": "X", "id": "1", "time": "1999-01-01T00:00:00Z"}


@pytest.fixture
def staging_reader(read_token: str) -> str:
    EnvironmentFactory(key="staging")
    user = User.objects.create_user("staging", password="x")
    Grant.objects.create(
        role="auditor", user=user, environment=Environment.objects.get(key="staging")
    )
    _, token = create_read_token(user=user, now=timezone.now())
    return token


class TestRejected:
    def test_keeps_each_event_with_its_reason_and_without_its_secrets(
        self, post: Any, get: Any
    ) -> None:
        post([{"type": "Y"}, BAD, LATE])
        late, bad = get("rejected").json()["results"]
        assert late["errors"][0]["pointer"] == "/time"
        assert json.loads(late["body"]) == LATE
        assert bad["errors"][0]["pointer"] == "/actr"
        assert json.loads(bad["body"]) == BAD | {"details": {"password": "[redacted]"}}
        assert (bad["status"], bad["index"], bad["sent_as"]) == ("rejected", 1, "native")
        assert (bad["environment"], bad["sender"]["name"]) == ("prod", "billing")
        assert not Rejected.objects.filter(body__contains="hunter2").exists()

    def test_keeps_a_body_that_could_not_be_read(self, post: Any, get: Any) -> None:
        assert post(b'[{"type":"X","password":"hunter2hunter2"}\x00').status_code == 400
        (one,) = get("rejected").json()["results"]
        assert (one["status"], one["index"]) == ("unreadable", None)
        assert one["body"] == '[{"type":"X","password":"[redacted]"}\ufffd'
        assert "byte 41" in one["errors"][0]["message"]

    def test_keeps_lowcoders_as_they_were_sent(self, ingest_key: str, get: Any) -> None:
        envelope = {"eventType": "USER_LOGIN", "eventTime": "yesterday"}
        Client().post(
            "/api/v1/lowcoder/events",
            json.dumps(envelope),
            content_type="application/json",
            headers={"Authorization": f"Bearer {ingest_key}"},
        )
        (one,) = get("rejected?sent_as=lowcoder").json()["results"]
        assert json.loads(one["body"]) == envelope
        assert one["errors"][0]["pointer"] == "/eventTime"
        assert get("rejected?sent_as=native").json()["results"] == []

    def test_cuts_what_is_larger_than_an_event_may_be(self, post: Any, get: Any) -> None:
        post({"type": "X", "source": "a" * 300_000})
        (one,) = get("rejected").json()["results"]
        assert one["is_cut"]
        assert len(one["body"]) == 262_144
        assert get("rejected/download").getvalue() == b""

    def test_pages_by_cursor(self, post: Any, get: Any) -> None:
        post([BAD] * 5)
        seen, path = [], "rejected?page_size=2"
        while path:
            page = get(path).json()
            seen += [one["index"] for one in page["results"]]
            path = (page["next"] or "").partition("/api/v1/")[2]
        assert seen == [4, 3, 2, 1, 0]

    @pytest.mark.parametrize(
        ("query", "problem"),
        [
            ("cursor=x", "bad-cursor"),
            ("sender=x", "bad-parameter"),
            ("sent_as=lowcode", "bad-parameter"),
            ("environment=nowhere", "bad-parameter"),
            ("from=yesterday", "bad-parameter"),
            ("actor=u1", "bad-parameter"),
            ("page_size=0", "bad-parameter"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, get: Any, query: str, problem: str) -> None:
        answer = get(f"rejected?{query}")
        assert answer.status_code == 400
        assert answer.json()["type"] == f"urn:audit:problem:{problem}"

    @pytest.mark.parametrize("path", ["rejected", "rejected/counts", "rejected/download"])
    def test_shows_nothing_from_outside_of_the_scope(
        self, post: Any, get: Any, staging_reader: str, path: str
    ) -> None:
        post(BAD)
        assert b"actr" in get("rejected").content
        answer = get(path, Authorization=f"Bearer {staging_reader}")
        assert answer.status_code == 200
        assert b"billing" not in answer.getvalue()
        assert b"actr" not in answer.getvalue()


class TestCounts:
    def test_are_by_sender_and_day(self, post: Any, get: Any) -> None:
        _, other = IngestKeyFactory(sender="crm")
        post([BAD, BAD, {"type": "Y"}])
        post("[", Authorization=f"Bearer {other}")
        counts = get("rejected/counts").json()["results"]
        assert [(c["sender"]["name"], c["rejected"], c["kept"]) for c in counts] == [
            ("billing", 2, 2),
            ("crm", 1, 1),
        ]

    @pytest.mark.parametrize(
        ("setting", "limit"), [("MAX_REJECTED_A_DAY", 3), ("MAX_REJECTED_BYTES_A_DAY", 200)]
    )
    def test_go_on_where_a_sender_may_leave_no_more_behind(
        self, post: Any, get: Any, settings: LazySettings, setting: str, limit: int
    ) -> None:
        settings.AUDIT = {**settings.AUDIT, setting: limit}
        for _ in range(3):
            assert post([BAD, BAD]).json()["rejected"] == 2
        (count,) = get("rejected/counts").json()["results"]
        assert (count["rejected"], count["kept"]) == (6, 3)
        assert Rejected.objects.count() == 3


class TestDownload:
    def test_can_be_mended_and_sent_in_again(self, post: Any, get: Any) -> None:
        post(json.dumps([BAD, LATE], indent=2))
        download = get("rejected/download")
        assert download["Content-Type"] == "application/x-ndjson"
        lines = download.getvalue()
        assert lines.count(b"\n") == 2
        mended = lines.replace(b'"actr"', b'"actor"').replace(b"1999", b"2026")
        answer = post(mended, "application/x-ndjson")
        assert answer.status_code == 201
        assert answer.json()["recorded"] == 2

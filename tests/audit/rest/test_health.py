"""Probes are told whether it works; how much there is, is for who looks after the installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token
from audit.log.cursor import psycopg_cursor
from audit.models import Maintenance, Verification
from audit.seal.alarms import EVIDENCE, SIGNING_KEY, raise_alarm
from audit.verify.schedule import verify_due
from tests.audit.verify.conftest import log  # noqa: F401
from tests.clock import began
from tests.factories import PersonFactory
from tests.guards import past_the_guards

pytestmark = pytest.mark.django_db
FIGURES = {"free_bytes", "without_position", "without_rollup", "remaining", "rebuilt_at"}


def ready(user: User | None) -> Any:
    headers = {}
    if user is not None:
        _, token = create_read_token(user=user, now=timezone.now())
        headers["Authorization"] = f"Bearer {token}"
    answer = Client().get("/health/ready", headers=headers)
    assert answer.status_code == 200
    return answer.json()["checks"]


class TestReady:
    def test_tells_the_anonymous_no_figures(self) -> None:
        checks = ready(None)
        assert set(checks) == {
            "database",
            "disk",
            "worker",
            "backlog",
            "maintenance",
            "sealing",
            "verification",
        }
        assert all(set(check) == {"ok"} for check in checks.values())

    def test_tells_none_to_who_sees_one_environment(self) -> None:
        checks = ready(PersonFactory(username="reader", auditor=True))
        assert all(set(check) == {"ok"} for check in checks.values())

    def test_tells_them_to_who_sees_the_systems_own_log(self) -> None:
        checks = ready(PersonFactory(superuser=True))
        assert {name for check in checks.values() for name in check} >= FIGURES

    def test_refuses_a_token_that_is_none(self) -> None:
        answer = Client().get("/health/ready", headers={"Authorization": "Bearer slr_x"})
        assert answer.status_code == 401


class TestMaintenance:
    def test_tells_why_a_closed_months_indexes_are_not_rebuilt(self) -> None:
        Maintenance.objects.create(
            leaf="audit_event_202601_1",
            heap_bytes=2**30,
            since=began(),
            tried_at=began(),
            problem="no-room",
        )
        assert ready(None)["maintenance"] == {"ok": False, "reason": "no-room"}


@pytest.mark.usefixtures("log")
class TestVerification:
    def told(self) -> Any:
        return ready(User.objects.create_superuser(f"root{User.objects.count()}"))["verification"]

    def test_tells_how_long_ago_each_kind_was(self) -> None:
        assert self.told() == {"ok": True, "recent_seconds": None, "whole_seconds": None}
        now = timezone.now()
        verify_due(using="default", now=now, is_stopping=lambda: False)
        Verification.objects.filter(kind="whole").update(finished_at=now - timedelta(days=2))
        told = self.told()
        assert told["ok"]
        assert 0 <= told["recent_seconds"] < 600
        assert 0 <= told["whole_seconds"] - 2 * 86_400 < 600

    def test_is_late_where_nothing_came_to_its_end_for_three_hours(self) -> None:
        now = timezone.now()
        verify_due(using="default", now=now, is_stopping=lambda: False)
        ended = Verification.objects.filter(kind="recent")
        for hours, is_well in ((2.9, True), (3.1, False)):
            ended.update(finished_at=now - timedelta(hours=hours))
            assert self.told()["ok"] is is_well

    def test_is_late_where_none_ever_came_to_its_end(self) -> None:
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_submission SET received_at = now() - interval '4 hours'")
        assert not self.told()["ok"]

    def test_is_not_well_while_an_alarm_of_it_is_open(self) -> None:
        cursor = psycopg_cursor("default")
        raise_alarm(cursor, SIGNING_KEY, "gone", now=timezone.now())
        assert self.told()["ok"]
        raise_alarm(cursor, EVIDENCE, "wrong", now=timezone.now())
        assert not self.told()["ok"]


class TestCacheControl:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1/events",
            "/api/v1/limits",
            "/api/v1/no-such",
            "/api/v1/events?x=1",
            "/health/live",
        ],
    )
    def test_no_answer_of_the_api_is_kept(self, path: str) -> None:
        answer = Client().get(path)

        assert "no-store" in answer["Cache-Control"]

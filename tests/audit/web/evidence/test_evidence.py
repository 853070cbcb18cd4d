"""The page of evidence: logs as they are, to whom they are shown, and alarms that staff clear."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from audit.log.cursor import psycopg_cursor
from audit.models import Alarm, Environment, Event, Verification
from audit.record import SubmittedEvent
from audit.seal.alarms import EVIDENCE, SIGNING_KEY, raise_alarm
from audit.seal.log_keys import make_key
from audit.seal.published import read_published
from audit.seal.sealer import Sealer
from audit.seal.verifier_keys import verifier_keys
from audit.verify.schedule import verify_due
from environments.models import Environment as KnownEnvironment
from tests.factories import GrantFactory, PersonFactory
from tests.guards import past_the_guards

PAGE = "/evidence/"


@pytest.fixture
def sealed(record: Callable[..., list[str]], settings: Any, tmp_path: Path) -> int:
    """Three sealed events of Prod, and one of Dev; returns the number of Prod."""
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    make_key(using="default", now=timezone.now())
    record([SubmittedEvent(type="USER_LOGIN") for _ in range(3)])
    record([SubmittedEvent(type="USER_LOGIN")], "dev")
    Sealer(using="default").seal(now=timezone.now())
    return Environment.objects.get(key="prod").id


@pytest.fixture
def root(environments: None) -> Client:
    client = Client()
    client.force_login(PersonFactory(username="root", superuser=True))
    return client


@pytest.fixture
def alarm(sealed: int) -> Alarm:
    return raised(EVIDENCE, "prod, position 1: wrong", sealed)


def raised(kind: str, message: str, environment: int | None) -> Alarm:
    cursor = psycopg_cursor("default")
    raise_alarm(cursor, kind, message, environment=environment, now=timezone.now())
    return Alarm.objects.latest("id")


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestPage:
    def test_shows_checkpoint_root_and_keys_of_each_log(
        self, browse: Callable[..., Any], sealed: int
    ) -> None:
        text = text_of(browse(PAGE))
        cursor = psycopg_cursor("default")
        published = read_published(cursor, sealed)
        assert published is not None
        assert str(published.note) in text
        assert published.checkpoint.root.hex() in text
        assert text.count("all that was recorded is signed") == 2
        for environment in ("prod", "dev"):
            for key in verifier_keys(cursor, environment=environment):
                assert str(key) in text
        assert "evidence export --environment prod" in text

    def test_tells_since_when_something_waits(
        self, browse: Callable[..., Any], sealed: int, record: Callable[..., list[str]]
    ) -> None:
        record([SubmittedEvent(type="USER_LOGIN")])
        text = text_of(browse(PAGE))
        assert text.count("the oldest that is not signed came") == 1

    def test_tells_what_verifying_found(self, browse: Callable[..., Any], sealed: int) -> None:
        assert text_of(browse(PAGE)).count("not yet") == 4
        verify_due(using="default", now=timezone.now(), is_stopping=lambda: False)
        text = text_of(browse(PAGE))
        assert text.count("3 events, nothing is wrong") == 2
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET details = '{}x'")
        later = timezone.now() + timedelta(days=1, hours=1)
        verify_due(using="default", now=later, is_stopping=lambda: False)
        assert text_of(browse(PAGE)).count("3 events, 3 findings") == 2

    def test_tells_how_far_a_round_is_and_what_is_late(
        self, browse: Callable[..., Any], sealed: int
    ) -> None:
        now = timezone.now()
        common = {"environment": sealed, "size": 3, "last_events": 3, "last_findings": 0}
        Verification.objects.create(
            kind="whole",
            position=2,
            started_at=now - timedelta(hours=2),
            finished_at=now - timedelta(days=2),
            **common,
        )
        long_ago = now - timedelta(hours=4)
        Verification.objects.create(
            kind="recent", position=3, started_at=long_ago, finished_at=long_ago, **common
        )
        text = text_of(browse(PAGE))
        assert "the next round has read 2 of 3 in 2 h" in text
        assert text.count("late: it should come each hour") == 1

    def test_shows_a_log_to_who_sees_all_of_it_alone(self, sealed: int) -> None:
        ben, client = User.objects.create_user("ben"), Client()
        prod, dev = (KnownEnvironment.objects.get(key=key) for key in ("prod", "dev"))
        Grant.objects.create(role="auditor", user=ben, environment=prod, workspace_id="w1")
        Grant.objects.create(role="auditor", user=ben, environment=dev)
        client.force_login(ben)
        raised(EVIDENCE, "of the logs, one is wrong", sealed)
        text = text_of(client.get(PAGE))
        assert 'id="log-dev"' in text
        assert 'id="log-prod"' not in text
        assert "one is wrong" not in text

    def test_is_in_the_navigation(self, browse: Callable[..., Any]) -> None:
        assert '<a href="/evidence/" aria-current="page">Evidence</a>' in text_of(browse(PAGE))


class TestAlarms:
    def test_tell_of_the_installation_to_staff_alone(
        self, browse: Callable[..., Any], root: Client, sealed: int
    ) -> None:
        raised(SIGNING_KEY, "key.pem is not there", None)
        assert "key.pem" not in text_of(browse(PAGE))
        text = text_of(root.get(PAGE))
        assert "key.pem is not there" in text
        assert "Clear this alarm" not in text

    def test_stand_on_the_home_page_for_staff(
        self, browse: Callable[..., Any], root: Client, alarm: Alarm
    ) -> None:
        banner = "1 alarm of the evidence is open"
        assert banner in text_of(root.get("/"))
        assert banner not in text_of(browse("/"))

    def test_are_cleared_by_staff_with_an_event_of_it(self, root: Client, alarm: Alarm) -> None:
        assert "Clear this alarm" in text_of(root.get(PAGE))
        answer = root.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": " restored "})
        assert answer.status_code == 302
        alarm.refresh_from_db()
        assert alarm.cleared_at is not None
        assert alarm.cleared_by == "root"
        event = Event.objects.latest("submission_id")
        assert event.environment == alarm.environment
        assert json.loads(event.head or "")["type"] == "AUDIT_ALARM_CLEARED"
        assert json.loads(event.details or "")["details"] == {
            "alarm": alarm.id,
            "kind": "evidence",
            "message": "prod, position 1: wrong",
            "reason": "restored",
        }
        assert "wrong" not in text_of(root.get(PAGE))
        again = root.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": "again"})
        assert again.status_code == 404

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
    def test_stay_without_a_reason(self, root: Client, alarm: Alarm, reason: str) -> None:
        events = Event.objects.count()
        answer = root.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": reason})
        assert answer.status_code == 400
        assert "Say why" in answer.content.decode()
        alarm.refresh_from_db()
        assert alarm.cleared_at is None
        assert Event.objects.count() == events

    def test_of_the_key_go_by_themselves(self, root: Client, sealed: int) -> None:
        alarm = raised(SIGNING_KEY, "key.pem is not there", None)
        answer = root.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": "x"})
        assert answer.status_code == 400
        assert "goes by itself" in answer.content.decode()

    @pytest.mark.parametrize(
        ("roles", "status"),
        [
            pytest.param(("auditor",), 403, id="who sees it"),
            pytest.param(("on_call",), 404, id="who may, and doesn't see it"),
            pytest.param(("auditor", "on_call"), 302, id="who sees it and may"),
            pytest.param(("operator",), 302, id="an operator"),
        ],
    )
    def test_are_cleared_by_who_sees_them_and_may(
        self, client: Client, alarm: Alarm, roles: tuple[str, ...], status: int
    ) -> None:
        ben = PersonFactory()
        for role in roles:
            GrantFactory(user=ben, role=role)
        client.force_login(ben)
        answer = client.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": "x"})
        assert answer.status_code == status

    def test_want_the_token_of_the_form(self, root: Client, alarm: Alarm) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"cookie": root.cookies.output("")})
        strict.cookies = root.cookies
        answer = strict.post(f"{PAGE}alarms/{alarm.id}/clear/", {"reason": "x"})
        assert answer.status_code == 403
        alarm.refresh_from_db()
        assert alarm.cleared_at is None

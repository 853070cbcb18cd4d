"""The web's role clears an alarm with an event that says so, and in no other way."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from audit.log.cursor import psycopg_cursor
from audit.models import Environment
from audit.record import Origin, SubmittedEvent, record_events
from audit.roles import APP, acting_as
from audit.seal.alarms import EVIDENCE, open_alarms, raise_alarm
from tests.factories import EnvironmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm() -> int:
    for key in ("prod", "dev"):
        EnvironmentFactory(key=key, name=key)
    recorded("USER_LOGIN", 0)
    cursor, now = psycopg_cursor("default"), timezone.now()
    number = Environment.objects.get(key="prod").id
    raise_alarm(cursor, EVIDENCE, "wrong", environment=number, now=now)
    return open_alarms(cursor)[0].id


def recorded(type_: str, alarm: int, environment: str = "prod") -> UUID:
    event = SubmittedEvent(type=type_, details={"alarm": alarm})
    origin = Origin(environment=environment)
    receipt = record_events([event], origin=origin, received_at=timezone.now())
    assert receipt.verdicts[0].id is not None
    return receipt.verdicts[0].id


def clears(alarm: int, event: UUID) -> bool:
    with transaction.atomic():
        cursor = psycopg_cursor("default")
        with acting_as(cursor, APP):
            cursor.execute("SELECT audit_clear_alarm(%s, %s, %s)", [alarm, event, timezone.now()])
            return cursor.fetchone() == (True,)


class TestClearAlarm:
    def test_wants_the_event_of_this_alarm_in_its_own_log(self, alarm: int) -> None:
        assert not clears(alarm, recorded("USER_LOGIN", alarm))
        assert not clears(alarm, recorded("AUDIT_ALARM_CLEARED", alarm + 1))
        assert not clears(alarm, recorded("AUDIT_ALARM_CLEARED", alarm, "dev"))
        assert not clears(alarm, UUID(int=0))
        assert open_alarms(psycopg_cursor("default"))
        event = recorded("AUDIT_ALARM_CLEARED", alarm)
        assert clears(alarm, event)
        assert not open_alarms(psycopg_cursor("default"))
        assert not clears(alarm, event)

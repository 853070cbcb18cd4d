"""Do clients and events say what the rules of today say, and is evidence left alone?"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from audit.derive import devices
from audit.derive.months import DERIVE_LOCK, list_months
from audit.enrich.device import RULES_VERSION
from audit.log.cursor import psycopg_cursor
from audit.log.partitions import ensure_environment
from audit.models.client import Client
from audit.models.event import Event
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Context

pytestmark = pytest.mark.django_db

CURL = "curl/8.5.0"
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def stored() -> Event:
    """One event of curl whose client, and whose numbers, older rules got wrong."""
    record(CURL)
    Client.objects.update(
        agent_name="Wget", device_class="Desktop", device_name="PC", rules_version=1
    )
    Event.objects.update(browser=None, device_class=None)
    return Event.objects.get()


def record(*user_agents: str) -> None:
    ensure_environment("prod")
    record_events(
        [
            SubmittedEvent(type="USER_LOGIN", context=Context(user_agent=user_agent))
            for user_agent in user_agents
        ],
        origin=Origin(environment="prod"),
        received_at=NOW,
    )


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("reparse_devices", *arguments, stdout=out)
    return out.getvalue()


def words_of(event: Event) -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.name, d.name FROM audit_event e"
            " LEFT JOIN audit_browser b ON b.id = e.browser"
            " LEFT JOIN audit_deviceclass d ON d.id = e.device_class WHERE e.id = %s",
            [event.id],
        )
        row = cursor.fetchone()
    assert row is not None
    return row


class TestReparseDevices:
    def test_gives_the_client_what_the_rules_say(self, stored: Event) -> None:
        run()
        client = Client.objects.get()
        assert (client.agent_name, client.device_class, client.device_name) == (
            "curl",
            "API client",
            None,
        )
        assert client.rules_version == RULES_VERSION

    def test_gives_the_event_its_clients_numbers(self, stored: Event) -> None:
        run()
        assert words_of(stored) == ("curl", "API client")

    def test_leaves_evidence_alone(self, stored: Event) -> None:
        run()
        event = Event.objects.get()
        for part in ("head", "personal", "details", "head_salt", "personal_salt", "details_salt"):
            assert getattr(event, part) == getattr(stored, part)

    def test_says_what_changed(self, stored: Event) -> None:
        said = run()
        assert "1 × agent_name: Wget → curl" in said
        assert "1 × device_name: PC → –" in said
        assert "1 clients say something else." in said
        assert "1 events got new numbers." in said

    def test_a_dry_run_says_it_and_writes_nothing(self, stored: Event) -> None:
        said = run("--dry-run")
        assert "1 × agent_name: Wget → curl" in said
        assert "1 clients would say something else." in said
        assert "1 events would get new numbers." in said
        assert Client.objects.get().agent_name == "Wget"
        assert words_of(stored) == (None, None)

    def test_a_second_run_finds_nothing(self, stored: Event) -> None:
        run()
        said = run()
        assert "0 clients were parsed by others." in said
        assert "0 events got new numbers." in said

    def test_takes_up_what_an_interrupted_run_left(self, stored: Event) -> None:
        list(devices.reparse_clients(using="default", is_dry=False))
        assert words_of(stored) == (None, None)
        run()
        assert words_of(stored) == ("curl", "API client")

    def test_corrects_only_the_months_that_are_asked_for(self, stored: Event) -> None:
        run("--from", "2026-04")
        assert words_of(stored) == (None, None)
        run("--from", "2026-03", "--to", "2026-03")
        assert words_of(stored) == ("curl", "API client")

    def test_goes_batch_by_batch(self, stored: Event, monkeypatch: pytest.MonkeyPatch) -> None:
        record("Wget/1.21", "Go-http-client/2.0", "python-requests/2.31.0", CURL)
        Client.objects.update(rules_version=1, agent_name="X")
        Event.objects.update(browser=None)
        monkeypatch.setattr(devices, "CLIENTS_A_BATCH", 2)
        monkeypatch.setattr(devices, "EVENTS_A_BATCH", 2)
        said = run()
        assert "4 clients say something else." in said
        assert "5 events got new numbers." in said

    def test_an_event_without_a_client_stays_as_it_is(self) -> None:
        record("")
        assert "0 events got new numbers." in run()

    @pytest.mark.parametrize("text", ["2026-13", "March", "26-3"])
    def test_refuses_what_is_no_month(self, text: str) -> None:
        with pytest.raises(CommandError, match="no month"):
            run("--from", text)

    def test_refuses_to_run_twice_at_once(self) -> None:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", DERIVE_LOCK)
            with pytest.raises(CommandError, match="already"):
                run()
        finally:
            other.close()


class TestMonths:
    def test_are_in_order_and_leave_no_gap(self, stored: Event) -> None:
        found = list_months(psycopg_cursor("default"))
        assert found[0].name == "before"
        assert all(a.upper == b.lower for a, b in zip(found, found[1:], strict=False))

    def test_are_cut_to_what_is_asked_for(self, stored: Event) -> None:
        day = datetime(2026, 3, 17, tzinfo=UTC).date()
        every: list[Any] = list(list_months(psycopg_cursor("default"), first=day, last=day))
        (only,) = every
        assert only.lower <= stored.id < only.upper

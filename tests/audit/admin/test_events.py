"""Auditors read; nobody writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Grant, User
from audit.models import Event
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor, Application, Context
from audit.worker.loop import do_round
from environments.models import Environment
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    for key in ("staging", "prod"):
        EnvironmentFactory(key=key)
    events = [SubmittedEvent(type="USER_LOGIN", actor=Actor(id="ann", name="Ann"))]
    record_events(events, origin=Origin(environment="prod"), received_at=datetime.now(UTC))
    return Event.objects.get()


@pytest.fixture
def admin_client(event: Event) -> Client:
    client = Client()
    client.force_login(PersonFactory(superuser=True))
    return client


class TestEventAdmin:
    def test_lists_and_shows_events(self, admin_client: Client, event: Event) -> None:
        assert b"ann" in admin_client.get("/admin/audit/event/").content
        page = admin_client.get(f"/admin/audit/event/{event.id}/change/")
        assert b"Ann signed in" in page.content

    @pytest.mark.parametrize(
        ("term", "count"), [("ann", 1), ("an", 0), ("Ann", 0), ("%", 0), ("x" * 5000, 0)]
    )
    def test_searches_whole_ids(
        self, admin_client: Client, event: Event, term: str, count: int
    ) -> None:
        page = admin_client.get("/admin/audit/event/", {"q": term})
        assert page.context["cl"].result_count == count

    def test_finds_by_the_events_own_id(self, admin_client: Client, event: Event) -> None:
        page = admin_client.get("/admin/audit/event/", {"q": str(event.id)})
        assert page.context["cl"].result_count == 1

    def test_lists_events_of_one_time_as_they_were_handed_in(self, admin_client: Client) -> None:
        names = [f"app {number}" for number in range(30)]
        at = datetime.now(UTC).isoformat()
        record_events(
            [
                SubmittedEvent(
                    type="APPLICATION_VIEW", id=name, time=at, application=Application(id=name)
                )
                for name in names
            ],
            origin=Origin(environment="prod"),
            received_at=datetime.now(UTC),
        )
        listed = admin_client.get("/admin/audit/event/").context["cl"].result_list
        assert [event.application_id for event in listed][:30] == names[::-1]

    def test_takes_no_change_from_a_superuser(self, admin_client: Client, event: Event) -> None:
        path = f"/admin/audit/event/{event.id}"
        assert admin_client.get("/admin/audit/event/add/").status_code == 403
        assert admin_client.post(f"{path}/change/", {"actor_id": "ben"}).status_code == 403
        assert admin_client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403


@pytest.fixture
def limited_client(event: Event) -> Client:
    """Somebody who may look into the admin's tables, but sees Staging alone."""
    user = User.objects.create_user("limited", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    Grant.objects.create(
        role="auditor", user=user, environment=Environment.objects.get(key="staging")
    )
    client = Client()
    client.force_login(user)
    return client


class TestScope:
    @pytest.mark.parametrize("term", ["", "ann"])
    def test_hides_events_of_other_environments(
        self, limited_client: Client, event: Event, term: str
    ) -> None:
        page = limited_client.get("/admin/audit/event/", {"q": term})
        assert page.context["cl"].result_count == 0
        page = limited_client.get(f"/admin/audit/event/{event.id}/change/")
        assert page.status_code == 302

    def test_hides_their_receipts_too(
        self, limited_client: Client, admin_client: Client, event: Event
    ) -> None:
        path = "/admin/audit/submission/"
        assert admin_client.get(path).context["cl"].result_count == 1
        assert limited_client.get(path).context["cl"].result_count == 0

    def test_names_types_and_environments_of_the_scope_alone(
        self, limited_client: Client, admin_client: Client, event: Event
    ) -> None:
        secret = [SubmittedEvent(type="SECRET_MERGER_PREPARED")]
        record_events(secret, origin=Origin(environment="prod"), received_at=datetime.now(UTC))
        mine = [SubmittedEvent(type="STAGING_WAS_RESET")]
        record_events(mine, origin=Origin(environment="staging"), received_at=datetime.now(UTC))
        do_round(using="default")
        pages = {
            "/admin/audit/event/": ("STAGING_WAS_RESET", "SECRET_MERGER_PREPARED"),
            "/admin/audit/eventtype/": ("STAGING_WAS_RESET", "SECRET_MERGER_PREPARED"),
            "/admin/audit/rejected/": ("staging", "prod"),
        }
        for path, (inside, outside) in pages.items():
            everything = admin_client.get(path).content.decode()
            assert inside in everything
            assert outside in everything
            page = limited_client.get(path).content.decode()
            assert inside in page
            assert outside not in page

    def test_shows_clients_to_who_sees_every_environment(
        self, limited_client: Client, admin_client: Client, event: Event
    ) -> None:
        context = Context(user_agent="SecretTool/1.0")
        sent = [SubmittedEvent(type="USER_LOGIN", context=context)]
        record_events(sent, origin=Origin(environment="prod"), received_at=datetime.now(UTC))
        path = "/admin/audit/client/"
        assert "SecretTool" in admin_client.get(path).content.decode()
        assert "SecretTool" not in limited_client.get(path).content.decode()

"""Who may no longer has what is open taken away, by real HTTP: downloads break off."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, ReadToken, User
from accounts.tokens import create_read_token
from audit.models import Export
from audit.record import Origin, SubmittedEvent, record_events
from environments.models import Environment
from tests.factories import EnvironmentFactory, GrantFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
EXPORT = "/api/v1/events/export?format=ndjson"
# Together more than fits between a server and a client who doesn't read.
COUNT, SIZE = 80, 200_000


@pytest.fixture
def ann() -> User:
    EnvironmentFactory()
    EnvironmentFactory(key="dev")
    for start in range(0, COUNT, 20):
        record_events(
            [
                SubmittedEvent(type="T", id=f"e{number}", details={"text": "x" * SIZE})
                for number in range(start, start + 20)
            ],
            origin=Origin(environment="prod"),
            received_at=timezone.now(),
        )
    return PersonFactory(username="ann")


@contextmanager
def opened(live_server: Any, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
    place = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request("GET", EXPORT, headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def by_token(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_read_token(user=user, now=timezone.now())[1]}"}


def by_session(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


def ends_the_grant() -> None:
    Grant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def takes_the_role() -> None:
    Grant.objects.update(role="viewer")


def moves_it_elsewhere() -> None:
    Grant.objects.update(environment=Environment.objects.get(key="dev"))


def takes_them_from_the_group() -> None:
    Group.objects.get().user_set.clear()


def deactivates_the_person() -> None:
    User.objects.update(is_active=False)


def revokes_the_token() -> None:
    ReadToken.objects.update(revoked_at=timezone.now())


def logs_them_out() -> None:
    Session.objects.all().delete()


def sets_another_password() -> None:
    user = User.objects.get()
    user.set_password("another")
    user.save()


BY_BOTH = (
    ends_the_grant,
    takes_the_role,
    moves_it_elsewhere,
    takes_them_from_the_group,
    deactivates_the_person,
)
WAYS = [
    *((by_token, change) for change in (*BY_BOTH, revokes_the_token)),
    *((by_session, change) for change in (*BY_BOTH, logs_them_out, sets_another_password)),
]


class TestStreamedExport:
    @pytest.fixture(autouse=True)
    def asks_at_each_piece(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("audit.rest.streams.ASK_AGAIN_SECONDS", 0.0)

    @pytest.mark.parametrize(
        ("how", "change"), WAYS, ids=[f"{how.__name__}-{c.__name__}" for how, c in WAYS]
    )
    def test_breaks_off(
        self,
        live_server: Any,
        ann: User,
        how: Callable[[User], dict[str, str]],
        change: Callable[[], None],
    ) -> None:
        if change is takes_them_from_the_group:
            group = Group.objects.create(name="guests")
            group.user_set.add(ann)
            GrantFactory(group=group)
        else:
            GrantFactory(user=ann)
        with opened(live_server, how(ann)) as answer:
            assert answer.status == 200
            assert answer.read(10)
            change()
            assert is_cut(answer)
        (export,) = Export.objects.all()
        assert export.state == "interrupted"

    def test_goes_on_for_who_still_may(self, live_server: Any, ann: User) -> None:
        GrantFactory(user=ann)
        with opened(live_server, by_token(ann)) as answer:
            answer.read(10)
            Group.objects.create(name="others")
            assert not is_cut(answer)
        assert Export.objects.get().state == "done"


def is_cut(answer: http.client.HTTPResponse) -> bool:
    """Read the rest: was it less than the whole?"""
    try:
        return len(answer.read()) < COUNT * SIZE
    except (http.client.IncompleteRead, ConnectionError):
        return True

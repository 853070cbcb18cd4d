"""Recording inside of a transaction that a host has begun: both or neither, and no surprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from accounts.models import User
from audit.errors import NotRecorded, UnknownEnvironment
from audit.models import Event, Pending, Submission
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events, store
from tests.clock import began

pytestmark = pytest.mark.django_db
PROD = Origin(environment="prod", sender_id=1, sender="billing", key_id=1)


def record(*, origin: Origin = PROD, **members: Any) -> str:
    event = SubmittedEvent(**({"type": "X", "id": "1"} | members))
    return record_events([event], origin=origin, received_at=began()).verdicts[0].status


class Undone(Exception):
    """The host changes its mind."""


class TestRecordEvents:
    def test_leaves_nothing_when_the_host_rolls_back(self) -> None:
        ensure_environment("prod")
        said: list[str] = []

        @transaction.atomic
        def act() -> None:
            User.objects.create_user("ann")
            said.append(record())
            raise Undone

        with pytest.raises(Undone):
            act()
        assert said == ["recorded"]
        for model in (User, Event, Submission, Pending):
            assert model.objects.count() == 0
        assert record() == "recorded"

    def test_forgets_an_environment_that_was_rolled_back(self) -> None:
        @transaction.atomic
        def act() -> None:
            ensure_environment("prod")
            record()
            raise Undone

        with pytest.raises(Undone):
            act()
        with pytest.raises(UnknownEnvironment):
            record()
        ensure_environment("prod")
        assert record() == "recorded"

    def test_tries_again_in_a_savepoint_where_another_was_quicker(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other's events are hidden from the first look only."""
        ensure_environment("prod")
        record()
        find = store.find_stored
        looks: list[int] = []

        def look(
            cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, environment: int
        ) -> Mapping[UUID, store.Stored]:
            looks.append(len(ids))
            return {} if len(looks) == 1 else find(cursor, ids, environment=environment)

        monkeypatch.setattr(store, "find_stored", look)
        with transaction.atomic():
            User.objects.create_user("ann")
            assert record() == "duplicate"
            User.objects.create_user("ben")
        assert len(looks) == 2
        assert (User.objects.count(), Event.objects.count()) == (2, 1)

    def test_breaks_nothing_of_the_hosts_where_it_fails(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ensure_environment("prod")

        def fail(cursor: psycopg.Cursor[Any], rows: object) -> None:
            cursor.execute("SELECT pg_cancel_backend(pg_backend_pid())")

        monkeypatch.setattr(store, "copy_events", fail)
        with transaction.atomic():
            User.objects.create_user("ann")
            with pytest.raises(NotRecorded):
                record()
            User.objects.create_user("ben")
        assert (User.objects.count(), Submission.objects.count()) == (2, 0)

    @pytest.mark.parametrize(
        ("statements", "said"),
        [
            pytest.param(
                ["SET LOCAL search_path = pg_catalog"],
                'relation "audit_installation" does not exist',
                id="leads to no log",
            ),
            pytest.param(
                [
                    "CREATE SCHEMA other",
                    "CREATE TABLE other.audit_event (LIKE audit_event) PARTITION BY RANGE (id)",
                    "SET LOCAL search_path = other, public",
                ],
                "no partition",
                id="leads to half of another",
            ),
        ],
    )
    def test_says_so_where_the_search_path_leads_elsewhere(
        self, statements: list[str], said: str
    ) -> None:
        ensure_environment("prod")
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        with pytest.raises(NotRecorded, match=r"search_path of this login") as told:
            record()
        assert said in str(told.value)

    def test_says_so_where_the_hosts_transaction_is_broken(self) -> None:
        ensure_environment("prod")

        @transaction.atomic
        def act() -> None:
            transaction.set_rollback(True)
            record()

        with pytest.raises(TransactionManagementError):
            act()
        assert Event.objects.count() == 0

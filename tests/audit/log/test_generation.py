"""All tables are emptied, and what a process remembers of them is of a log that is no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.errors import NotRecorded
from audit.models import Environment, Event, EventType, Installation, Submission
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.caches import clear_caches
from tests.clock import began
from tests.guards import past_the_guards

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    clear_caches()
    yield
    clear_caches()


def record(environment: str, *types: str) -> list[str]:
    events = [SubmittedEvent(type=type, id=f"{number}") for number, type in enumerate(types)]
    receipt = record_events(events, origin=Origin(environment=environment), received_at=began())
    return [verdict.status for verdict in receipt.verdicts]


def empty_unseen() -> None:
    """As another process does it: nothing tells this one."""
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


def stored() -> list[tuple[str, str]]:
    keys = dict(Environment.objects.values_list("id", "key"))
    codes = dict(EventType.objects.values_list("id", "code"))
    rows = Event.objects.order_by("id").values_list("environment", "type")
    return sorted((keys[number], codes[type]) for number, type in rows)


def leaves() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relid::regclass::text FROM pg_partition_tree('audit_event') WHERE isleaf"
        )
        return [name for (name,) in cursor.fetchall()]


class TestRecordEvents:
    def test_sees_by_itself_that_the_log_began_anew(self) -> None:
        for environment in ("dev", "prod"):
            ensure_environment(environment)
            record(environment, "A", "B")
        empty_unseen()
        for environment in ("prod", "dev"):
            ensure_environment(environment)
            assert record(environment, "B", "A") == ["recorded", "recorded"]
        assert stored() == [("dev", "A"), ("dev", "B"), ("prod", "A"), ("prod", "B")]

    def test_sees_it_inside_of_a_transaction_too(self) -> None:
        ensure_environment("dev")
        record("dev", "A")
        empty_unseen()
        with transaction.atomic():
            ensure_environment("dev")
            assert record("dev", "A") == ["recorded"]
        assert stored() == [("dev", "A")]

    def test_gives_no_number_of_an_environment_again(self) -> None:
        ensure_environment("dev")
        before = Environment.objects.get(key="dev").id
        empty_unseen()
        ensure_environment("prod")
        assert Environment.objects.get(key="prod").id > before

    def test_says_what_to_type_where_the_first_row_is_gone(self) -> None:
        ensure_environment("dev")
        with past_the_guards():
            Installation.objects.all().delete()
        with pytest.raises(NotRecorded, match=r"manage\.py migrate"):
            record("dev", "A")
        call_command("migrate", verbosity=0)
        assert record("dev", "A") == ["recorded"]


class TestEmptying:
    def test_takes_the_leaves_of_environments_along(self) -> None:
        call_command("flush", interactive=False, verbosity=0)
        before = leaves()
        ensure_environment("dev")
        assert len(leaves()) > len(before)
        empty_unseen()
        assert leaves() == before

    def test_makes_the_first_rows_again(self) -> None:
        secret = bytes(Installation.objects.get().id_secret)
        empty_unseen()
        assert [e.key for e in Environment.objects.all()] == ["audit-system"]
        assert [t.code for t in EventType.objects.all()] == ["(unregistered)"]
        again = bytes(Installation.objects.get().id_secret)
        assert len(again) == 32
        assert again != secret
        assert record("audit-system", "A") == ["recorded"]

    def test_is_refused_for_the_secret_alone(self) -> None:
        ensure_environment("dev")
        record("dev", "A")
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match=r"manage\.py flush") as refused,
        ):
            cursor.execute("TRUNCATE audit_installation")
        assert "holds the secret" in str(refused.value)
        assert (Submission.objects.count(), Event.objects.count()) == (1, 1)


class TestMigration:
    def test_goes_back_and_makes_up_for_a_log_that_was_emptied(self) -> None:
        call_command("migrate", "audit", "0016", verbosity=0)
        try:
            call_command("flush", interactive=False, verbosity=0)
            assert not Installation.objects.exists()
        finally:
            call_command("migrate", verbosity=0)
        assert record("audit-system", "A") == ["recorded"]

    @pytest.mark.parametrize("back_to", ["0017", "0024"])
    def test_goes_back_to_where_tables_are_others_and_on_again(self, back_to: str) -> None:
        try:
            call_command("migrate", "audit", back_to, verbosity=0)
        finally:
            call_command("migrate", verbosity=0)
        assert record("audit-system", "A") == ["recorded"]

"""The host's own tests, run by Django's runner: some roll back, some empty every table."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone

from audit.models import Event, EventTarget, Installation, Submission
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Context, Resource

from .models import Order, Person

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36"
# Other words first: what a process remembers of the emptied tables would be taken for others.
ENVIRONMENTS = {"first": ("shop", "stock"), "second": ("stock", "shop")}
TYPES = {
    "first": ("ORDER_PLACED", "ORDER_CANCELLED"),
    "second": ("ORDER_CANCELLED", "ORDER_PLACED"),
}


def place(number: int, *, environment: str = "shop", type: str = "ORDER_PLACED") -> str:
    with transaction.atomic():
        Order.objects.create(number=number)
        event = SubmittedEvent(
            type=type,
            id=f"order-{number}-{type}",
            actor=Actor(id="ann", name="Ann"),
            targets=(Resource(type="user", id="ben"),),
            context=Context(user_agent=CHROME),
        )
        origin = Origin(environment=environment)
        receipt = record_events(
            [event], origin=origin, received_at=timezone.now(), on_rejection="raise"
        )
    return receipt.verdicts[0].status


def found(path: str = "/office/log/api/events") -> Any:
    client = Client()
    client.force_login(Person.objects.get_or_create(name="boss", is_boss=True)[0])
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response


def story(order: str) -> None:
    """Record and find, in a database that holds nothing yet."""
    assert (Event.objects.count(), Submission.objects.count()) == (0, 0)
    for environment in ENVIRONMENTS[order]:
        ensure_environment(environment)
    for number, type in enumerate(TYPES[order]):
        assert place(number, type=type) == "recorded"
    assert place(9, environment="stock") == "recorded"
    listed = found().json()["results"]
    assert [(event["environment"], event["type"]) for event in reversed(listed)] == [
        ("shop", type) for type in TYPES[order]
    ]
    assert {event["client"]["agent_name"] for event in listed} == {"Chrome"}
    found("/office/log/")
    assert "Ann" in found("/office/log/events/").content.decode()


class TestRollingBack(TestCase):
    def test_begins_with_nothing(self) -> None:
        story("first")

    def test_begins_with_nothing_again(self) -> None:
        story("second")


class TestEmptying(TransactionTestCase):
    def test_begins_with_nothing(self) -> None:
        story("first")

    def test_begins_with_nothing_again(self) -> None:
        story("second")

    def test_empties_events_with_the_rest(self) -> None:
        ensure_environment("shop")
        place(1)
        before = Installation.objects.get()
        call_command("flush", interactive=False, verbosity=0)
        for model in (Event, EventTarget, Submission):
            assert model.objects.count() == 0
        after = Installation.objects.get()
        assert before.uuid != after.uuid
        assert bytes(before.id_secret) != bytes(after.id_secret)
        story("second")


class TestRestoring(TransactionTestCase):
    """Run by itself: Django restores content types under numbers that others have by then."""

    serialized_rollback = True

    def test_begins_with_nothing(self) -> None:
        story("first")

    def test_begins_with_nothing_again(self) -> None:
        story("second")

"""Are a host's own event types shown, coloured, counted and filtered as the built-in ones?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from audit.conf import audit_settings
from audit.models import Event
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Resource
from audit.vocabulary import EVENT_TYPES, GROUPS, event_type, sentence
from audit.worker.loop import do_round
from tests.audit.documents import document_of
from tests.clock import began

GROUP = {"key": "orders", "label": "Orders", "labels": {"de": "Bestellungen"}}
CANCELLED = {
    "code": "ORDER_CANCELLED",
    "group": "orders",
    "label": "Cancel order",
    "labels": {"de": "Bestellung storniert"},
    "sentence": "{actor} [cancelled|cancel] {resource}",
    "traits": ["removal"],
    "personal_details": ["customer"],
}


@pytest.fixture(autouse=True)
def _own(settings: Any) -> None:
    settings.AUDIT = {**settings.AUDIT, "EVENT_GROUPS": [GROUP], "EVENT_TYPES": [CANCELLED]}


def order(number: int, **members: Any) -> SubmittedEvent:
    return SubmittedEvent(
        type="ORDER_CANCELLED",
        time=(began() - timedelta(minutes=number)).isoformat(),
        actor=Actor(id="ann", name="Ann"),
        resource=Resource(type="order", id=str(number)),
        **members,
    )


@pytest.fixture
def _recorded(environments: None, record: Callable[..., Any]) -> None:
    record([order(1), order(2, outcome="denied"), SubmittedEvent(type="ORDER_SEEN")])
    while not do_round(using=audit_settings().WORKER_DATABASE).is_idle:
        pass


class TestVocabulary:
    def test_has_them_besides_the_built_in_ones(self) -> None:
        assert event_type("ORDER_CANCELLED").label == "Cancel order"
        assert [*GROUPS][-2:] == ["orders", "other"]
        assert "USER_LOGIN" in EVENT_TYPES

    def test_forgets_them_with_the_setting(self, settings: Any) -> None:
        settings.AUDIT = {}
        assert "ORDER_CANCELLED" not in EVENT_TYPES
        assert "orders" not in GROUPS

    def test_says_what_happened(self) -> None:
        document = {"type": "ORDER_CANCELLED", "actor": {"name": "Ann"}, "outcome": "denied"}
        about = {"resource": {"type": "order", "id": "7"}}
        assert sentence(document_of(document | about)) == "Ann was not allowed to cancel order 7"

    def test_leaves_out_what_wont_do_and_takes_the_rest(self, settings: Any) -> None:
        rows = [{"code": "X", "lable": "x"}, CANCELLED]
        settings.AUDIT = {**settings.AUDIT, "EVENT_TYPES": rows}
        assert "ORDER_CANCELLED" in EVENT_TYPES
        assert "X" not in EVENT_TYPES


@pytest.mark.django_db
@pytest.mark.usefixtures("_recorded")
class TestPages:
    def test_say_what_happened(self, browse: Callable[..., Any]) -> None:
        page = browse("/events/?from=-1d").text
        assert "cancelled order" in page
        assert "was not allowed to cancel order" in page

    def test_name_type_and_group_in_the_readers_language(self, browse: Callable[..., Any]) -> None:
        address = "/events/?from=-1d&group=orders&type=ORDER_CANCELLED"
        german = {"Accept-Language": "de"}
        assert "Cancel order" in browse(address).text
        page = browse(address, **german).text
        assert "Bestellung storniert" in page
        assert "Bestellungen" in page

    def test_give_the_group_its_colour(self, browse: Callable[..., Any]) -> None:
        assert "series-9" in browse("/events/?from=-1d&by=group").text

    def test_offer_them_to_choose(self, browse: Callable[..., Any]) -> None:
        picked = browse("/events/pick/?kind=type&typed=cancel").text
        assert "ORDER_CANCELLED" in picked

    def test_tell_of_them_among_deletions(self, browse: Callable[..., Any]) -> None:
        assert "type=ORDER_CANCELLED" in browse("/").text


@pytest.mark.django_db
@pytest.mark.usefixtures("_recorded")
class TestApi:
    def test_finds_the_group(self, browse: Callable[..., Any]) -> None:
        found = browse("/api/v1/events?group=orders").json()["results"]
        assert {event["type"] for event in found} == {"ORDER_CANCELLED"}
        assert {event["group"] for event in found} == {"orders"}
        others = browse("/api/v1/events?group=other").json()["results"]
        assert {event["type"] for event in others} == {"ORDER_SEEN"}

    def test_counts_the_group(self, browse: Callable[..., Any]) -> None:
        address = "/api/v1/events/histogram?by=group&from=-1d"
        buckets = browse(address).json()["buckets"]
        assert sum(bucket["counts"].get("orders", 0) for bucket in buckets) == 2

    def test_lists_the_type(self, browse: Callable[..., Any]) -> None:
        listed = browse("/api/v1/event-types?prefix=ORDER").json()["results"]
        by_code = {one["code"]: one for one in listed}
        assert by_code["ORDER_CANCELLED"]["group"] == "orders"
        assert by_code["ORDER_CANCELLED"]["is_known"] is True
        assert by_code["ORDER_SEEN"]["is_known"] is False


@pytest.mark.django_db
class TestRecording:
    def test_keeps_a_persons_details_with_the_personal_part(
        self, environments: None, record: Callable[..., Any]
    ) -> None:
        record([order(1, details={"customer": "Ben Frey", "amount": 7})])
        event = Event.objects.get()
        assert "Ben Frey" in event.personal
        assert "Ben Frey" not in event.details
        assert "amount" in event.details

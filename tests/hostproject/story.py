"""What a host does with the log, told as JSON: `python -m tests.hostproject.story`."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.hostproject.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.management.base import SystemCheckError  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from audit.errors import EventsRefused  # noqa: E402
from audit.models import Event, Pending, Rejected, Submission  # noqa: E402
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events  # noqa: E402
from audit.record.submitted import Actor  # noqa: E402

from .models import Order, Person  # noqa: E402

SHOP = Origin(environment="shop")


class Undone(Exception):
    """The host changes its mind."""


def record(number: int, *, deed: str = "placed", **members: Any) -> str:
    event = SubmittedEvent(
        type=f"ORDER_{deed.upper()}",
        id=f"order-{number}-{deed}",
        actor=Actor(id="ann", name="Ann"),
        **members,
    )
    receipt = record_events(
        [event],
        origin=SHOP,
        received_at=timezone.now(),
        on_conflict="raise",
        on_rejection="raise",
    )
    return receipt.verdicts[0].status


def counts() -> list[int]:
    return [model.objects.count() for model in (Order, Event, Submission, Pending)]


def place(number: int, *, then: type[Exception] | None = None) -> str:
    """Place an order and record it, both or neither."""
    with transaction.atomic():
        Order.objects.create(number=number)
        status = record(number)
        if then is not None:
            raise then
    return status


def show(name: str, path: str) -> list[Any]:
    client = Client()
    client.force_login(Person.objects.get(name=name))
    response = client.get(path)
    return [response.status_code, response.content.decode()]


def send(slips: Any, content_type: str = "application/json") -> list[Any]:
    """Send slips as a till; return the status, and what is wrong with each."""
    response = Client().post(
        "/office/log/api/till/events",
        slips if isinstance(slips, str) else json.dumps(slips),
        content_type=content_type,
        headers={"Authorization": "Bearer till-token"},
    )
    events = response.json().get("events", [])
    return [
        response.status_code,
        [(one["status"], [error["pointer"] for error in one["errors"]]) for one in events],
    ]


def tell() -> dict[str, Any]:
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("migrate", database="reports", run_syncdb=True, verbosity=0)
    told: dict[str, Any] = {"reports": connections["reports"].introspection.table_names()}
    try:
        with transaction.atomic():
            ensure_environment("shop")
            record(1)
            raise Undone
    except Undone:
        told["undone, with its environment"] = counts()
    ensure_environment("shop")
    try:
        place(1, then=Undone)
    except Undone:
        told["undone"] = counts()
    told["done"] = [place(2), *counts()]
    with transaction.atomic():
        Order.objects.create(number=3)
        told["again"] = [record(2), *counts()]
    told["kept"] = Order.objects.count()
    told["cancelled"] = record(2, deed="cancelled")
    try:
        with transaction.atomic():
            Order.objects.create(number=4)
            record(2, outcome="denied")
    except EventsRefused as error:
        told["conflict"] = [str(error), Order.objects.count()]
    told["masked"] = record(4, details={"password": "Pl4ntedS3cret"})
    told["details"] = Event.objects.order_by("-id")[0].details

    Person.objects.create(name="boss", is_boss=True)
    Person.objects.create(name="clerk")
    event = Event.objects.order_by("id")[0].id
    told["found"] = json.loads(show("boss", "/office/log/api/events")[1])
    told["not found"] = json.loads(show("clerk", "/office/log/api/events")[1])
    told["page"] = show("boss", "/office/log/events/")
    with translation.override("de"):
        told["in German"] = show(
            "boss", "/office/log/events/?from=-1d&type=ORDER_PLACED&group=orders"
        )
    told["of the group"] = json.loads(show("boss", "/office/log/api/events?group=orders")[1])
    told["types"] = json.loads(show("boss", "/office/log/api/event-types?limit=100")[1])
    told["event"] = show("boss", f"/office/log/events/{event}/")
    told["event of another"] = show("clerk", f"/office/log/events/{event}/")[0]
    refused = Client().post(
        "/office/log/api/events",
        "{}",
        content_type="application/json",
        headers={"Authorization": "Bearer sli_0"},
    )
    told["no key"] = [refused.status_code, refused.json()["type"]]
    told["nobody"] = [
        Client().get("/office/log/api/events?type=ORDER_PLACED").status_code for _ in range(3)
    ]
    told["by type"] = [
        len(json.loads(show("boss", "/office/log/api/events?type=ORDER_PLACED")[1])["results"])
        for _ in range(3)
    ]
    document = Client().get("/office/log/api/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    told["cookies"] = [
        scheme["name"] for scheme in schemes.values() if scheme.get("in") == "cookie"
    ]
    told["sent by the till"] = [
        send({"deed": "placed", "slip": "s1", "clerk": "ann"}),
        send([{"deed": "placed", "slip": "s1", "clerk": "ann"}, {"slip": "s2"}]),
        send({"deed": "placed", "at": "yesterday"}),
        send("<slip/>", "text/xml"),
    ]
    told["kept of it"] = sorted(set(Rejected.objects.values_list("sent_as", flat=True)))
    told["reference"] = document
    said = io.StringIO()
    try:
        call_command("check", deploy=True, stderr=said, stdout=said)
    except SystemCheckError as error:
        said.write(str(error))
    told["checks"] = said.getvalue()
    return told


if __name__ == "__main__":
    json.dump(tell(), sys.stdout)

"""The format of our own: one JSON document an event, with the members of `SubmittedEvent`."""

from .format import Format
from .json.decode import native

NATIVE = Format(
    name="native",
    understand=native,
    title="Record events",
    says="The answer comes after the commit: what it says is recorded is recorded. An event is the "
    "same event when its sender, id and time are the same, so with these a retry is safe.",
    shape="SubmittedEvent",
    example={
        "id": "order-4711-saved",
        "time": "2026-03-05T09:00:00.123+01:00",
        "type": "APPLICATION_UPDATE",
        "outcome": "success",
        "workspace": {"id": "w1", "name": "Sales"},
        "actor": {"id": "u1", "name": "Ann", "email": "ann@example.com", "type": "user"},
        "application": {"id": "a1", "gid": "g1", "name": "Orders"},
        "resource": {"type": "application", "id": "a1", "name": "Orders"},
        "targets": [{"type": "user", "id": "u2", "name": "Ben"}],
        "context": {"ip": "192.0.2.7", "user_agent": "curl/8.5.0", "request_id": "r-1"},
        "changes": [{"field": "name", "old": "Order", "new": "Orders"}],
        "details": {"reason": "Ticket 4711"},
        "source": "orders",
        "sequence": 17,
    },
)

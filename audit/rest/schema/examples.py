"""Holds an example of each thing that is sent or answered."""

from __future__ import annotations

from typing import Any

import msgspec

from audit.ingest.native_format import NATIVE
from audit.record import verdicts
from audit.vocabulary.document import Device, Place

ID = "019cbd08-6e7b-7000-8f3a-5d2c81e0a9b4"
LEAF = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SENT = NATIVE.example
EVENT: dict[str, Any] = {
    "id": ID,
    "submitted_id": SENT["id"],
    "time": "2026-03-05T08:00:00.123000Z",
    "type": SENT["type"],
    "group": "applications",
    "label": "Update application",
    "outcome": "success",
    "environment": "prod",
    **{
        name: SENT[name]
        for name in ("workspace", "actor", "application", "resource", "targets", "context")
    },
    "changes": SENT["changes"],
    "details": SENT["details"],
    "source": "orders",
    "sequence": 17,
    "received_at": "2026-03-05T08:00:00.301442Z",
    "sender": {"id": 1, "name": "billing", "key": 1, "address": "198.51.100.4"},
    "client": msgspec.to_builtins(Device(agent_name="curl", agent_version="8.5.0")),
    "place": msgspec.to_builtins(Place(kind="documentation")),
    "redacted": [],
    "leaf": LEAF,
    "submission": 12,
    "position": 40,
    "erased": [],
    "seal": {
        "state": "signed",
        "checkpoint": {"size": 52, "signed_at": "2026-03-05T08:00:01.902117Z"},
    },
}
RECEIPT = {
    "submission": 12,
    "recorded": 1,
    "duplicates": 0,
    "conflicts": 0,
    "rejected": 0,
    "events": [
        {
            "index": 0,
            "id": ID,
            "status": "recorded",
            "leaf": LEAF,
            "state": "recorded",
            "errors": [],
        }
    ],
}
REJECTION = {
    "type": "urn:audit:problem:rejected",
    "title": "No event is in: at least one was rejected",
    "status": 422,
    "detail": "No event is in: 1 rejected, 0 in conflict. The member 'events' says why of each.",
    "submission": None,
    "recorded": 0,
    "duplicates": 0,
    "conflicts": 0,
    "rejected": 1,
    "events": [
        {
            "index": 0,
            "id": None,
            "status": "rejected",
            "leaf": None,
            "state": None,
            "errors": [{"pointer": "/acter", "message": "is unknown; did you mean 'actor'?"}],
        }
    ],
}
CONFLICT = {
    **REJECTION,
    "type": "urn:audit:problem:conflict",
    "title": "No event is in: other content is recorded under these ids and times",
    "status": 409,
    "detail": "No event is in: 0 rejected, 1 in conflict. The member 'events' says why of each.",
    "conflicts": 1,
    "rejected": 0,
    "events": [
        {
            "index": 0,
            "id": ID,
            "status": "conflict",
            "leaf": LEAF,
            "state": None,
            "errors": [msgspec.to_builtins(verdicts.CONFLICT)],
        }
    ],
}
SUBJECT = {
    "id": "u1",
    "name": "Ann",
    "email": "ann@example.com",
    "gid": None,
    "resource_type": None,
    "environments": ["prod"],
    "last_seen": "2026-03-05T08:00:00.123000Z",
}


def page_of(results: list[Any], **more: Any) -> dict[str, Any]:
    """Return the first page of a search, which goes on."""
    return {
        "next": "https://audit.example.org/api/v1/events?cursor=o019cbd08…",
        "previous": None,
        "results": results,
        "searched_back_to": None,
        "complete": True,
        "by_id_at": None,
        **more,
    }

"""A format of the host's own: what its tills send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.errors import Problem
from audit.ingest import Format, Misfit, native
from audit.record import SubmittedEvent


def event_of(slip: Mapping[str, Any]) -> SubmittedEvent:
    """Return the event of one slip: a deed, its number, who was at the till. Raises Misfit."""
    if not isinstance(slip.get("deed"), str):
        raise Misfit(Problem("/deed", "is required"))
    return native(
        {
            "type": f"ORDER_{slip['deed'].upper()}",
            "id": slip.get("slip"),
            "time": slip.get("at"),
            "actor": {"id": slip.get("clerk")},
            "details": {"slip": dict(slip)},
        }
    )


TILL = Format(
    name="till",
    understand=event_of,
    pointers={"/id": "/slip", "/time": "/at", "/actor/id": "/clerk"},
    title="Record what a till sends",
    says="One slip is one event.",
    shape="Slip",
    schema={"type": "object", "required": ["deed"], "additionalProperties": True},
    example={"slip": "7", "deed": "placed", "clerk": "ann"},
)
NO_FORMAT = "till"

"""Records in the log that an export was made, by whom, and of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from audit.contracts import SYSTEM_ENVIRONMENT
from audit.log.times import format_time
from audit.query.search.event_query import EventQuery
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor, Context, Resource

EXPORTED = "AUDIT_EXPORT"
NOT_FILTERS = ("scope", "start", "end")
DOWNLOADED = "AUDIT_EXPORT_DOWNLOAD"


def record_export(
    *,
    code: str,
    user: Any,
    query: EventQuery,
    name: str,
    address: str | None,
    now: datetime,
    export_id: str,
    evidence_of: Sequence[str] = (),
) -> None:
    """Record that a user exports (or downloads) events, before the first of them goes out.

    name: the format; address: the user's; evidence_of: environments whose salts or proofs go out.
    Raises NotRecorded, EventsRefused: then nothing may go out.
    """
    filters = msgspec.to_builtins(query)
    details: dict[str, Any] = {
        "format": name,
        "environments": list(query.scope.environments),
        "filters": {
            name: value for name, value in filters.items() if value and name not in NOT_FILTERS
        },
        "from": format_time(query.start) if query.start else None,
        "to": format_time(query.end) if query.end else None,
    }
    if evidence_of:
        details["evidence_of"] = list(evidence_of)
    event = SubmittedEvent(
        type=code,
        actor=Actor(id=str(user.pk), name=user.get_username(), type="user"),
        resource=Resource(type="export", id=export_id),
        context=Context(ip=address) if address else None,
        details=details,
    )
    origin = Origin(environment=SYSTEM_ENVIRONMENT)
    record_events([event], origin=origin, received_at=now, on_rejection="raise")

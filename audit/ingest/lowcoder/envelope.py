"""Makes one of our events of an envelope of Lowcoder's.

Ids and names get their places, so that filters and sentences know them; `details` stays as it was
sent, but for the user agent and its hints. What the envelope has besides, or has in a shape that
fits nowhere, is kept in `details.lowcoder`: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.errors import Problem
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Context, Workspace

from ..json.decode import Misfit
from ..json.fitting import json_type_name
from .changes import changes_of
from .fitting import as_id, as_members, is_empty
from .headers import read_headers
from .things import application_of, resource_of, targets_of

REST = "lowcoder"
SERVER_TYPES = frozenset({"SERVER_START_UP"})
# Where the sender finds what is wrong with a member of ours.
POINTERS: Mapping[str, str] = {
    "/type": "/eventType",
    "/id": "/eventId",
    "/time": "/eventTime",
    "/workspace/id": "/orgId",
}


def event_of(envelope: Mapping[str, Any]) -> SubmittedEvent:
    """Return the event of one envelope. Raises Misfit where its type, id or time is none."""
    left = dict(envelope)
    code = _text(left, "eventType")
    if code is None:
        raise Misfit(Problem("/eventType", "is required"))
    details = _details(left)
    headers = read_headers(as_members(details.get("headers")))
    if headers.user_agent or headers.client_hints:
        details["headers"] = headers.rest
        if not headers.rest:
            del details["headers"]
    org = _take(left, "orgId")
    context = Context(
        ip=_take(left, "ipAddress") or headers.address,
        user_agent=headers.user_agent,
        client_hints=dict(headers.client_hints) or None,
        session=_take(left, "sessionHash"),
    )
    event_id = _id(left)
    event_time = _text(left, "eventTime")
    actor = _actor(code, left)
    application = application_of(code, details)
    resource = resource_of(code, details)
    targets = targets_of(details)
    changes = changes_of(code, details)
    if left:
        details[REST] = left
    return SubmittedEvent(
        type=code,
        id=event_id,
        time=event_time,
        workspace=Workspace(id=org) if org else None,
        actor=actor,
        application=application,
        resource=resource,
        targets=targets or None,
        context=context if context != Context() else None,
        changes=changes or None,
        details=details or None,
    )


def _details(left: dict[str, Any]) -> dict[str, Any]:
    """Take the details out of the envelope; the place of our own in them is kept free."""
    given = left.get("details")
    if given is not None and not isinstance(given, dict):
        return {}
    left.pop("details", None)
    details = dict(given or {})
    if REST in details:
        left["details"] = {REST: details.pop(REST)}
    return details


def _take(left: dict[str, Any], name: str) -> str | None:
    """Take an id out of the envelope; what can't be one stays, unless it is empty."""
    value = left.get(name)
    found = as_id(value)
    if found is not None or is_empty(value):
        left.pop(name, None)
    return found


def _text(left: dict[str, Any], name: str) -> str | None:
    value = left.pop(name, None)
    if is_empty(value):
        return None
    if not isinstance(value, str):
        raise Misfit(Problem(f"/{name}", f"is to be text, not {json_type_name(value)}"))
    return value


def _id(left: dict[str, Any]) -> str | None:
    value = left.get("eventId")
    if isinstance(value, int) and not isinstance(value, bool):
        left["eventId"] = str(value)
    return _text(left, "eventId")


def _actor(code: str, left: dict[str, Any]) -> Actor | None:
    user = _take(left, "userId")
    anonymous = left.get("isAnonymous")
    if anonymous is None or isinstance(anonymous, bool):
        left.pop("isAnonymous", None)
    if anonymous is True:
        return Actor(id=user, type="anonymous")
    if user is not None:
        return Actor(id=user, type="user")
    return Actor(type="system") if code in SERVER_TYPES else None

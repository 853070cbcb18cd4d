"""What of an event is done before it has an id, once for all attempts to store it?"""

from __future__ import annotations

import msgspec

from audit.redact import mask_event, may_hold_secret

from .origin import Origin
from .parts import make_content
from .submitted import SubmittedEvent, Workspace

# As Python's objects, details take up to thirty times the memory of their text.
LARGE_BYTES = 4_096
MAX_USER_AGENT_BYTES = 8 * 2**10


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A checked event with its secrets masked, and the two parts that don't hold its id.

    index: its place in the submission; time_us: microseconds since 1970; redacted: JSON pointers
    event: without details and changes where they are large; nothing but the parts needs them
    """

    index: int
    event: SubmittedEvent
    time_us: int
    personal: bytes
    details: bytes
    redacted: tuple[str, ...]


def make_ready(event: SubmittedEvent, *, index: int, time_us: int, origin: Origin) -> Ready:
    """Mask an event and make its parts.

    The parts of nearly every event are screened and done; what may hold a secret is walked, and
    divided anew. The head holds ids, types and times alone, which no rule touches.
    """
    if origin.workspace is not None and event.workspace is None:
        # A key that is bound to a workspace fills it in.
        event = msgspec.structs.replace(event, workspace=Workspace(id=origin.workspace))
    event = _cut(event)
    redacted: tuple[str, ...] = ()
    personal, details = make_content(event)
    if may_hold_secret(personal, details, environment=origin.environment):
        event, redacted = mask_event(event, environment=origin.environment)
        if redacted:
            personal, details = make_content(event)
    if len(personal) + len(details) > LARGE_BYTES:
        event = msgspec.structs.replace(event, details=None, changes=None)
    return Ready(
        index=index,
        event=event,
        time_us=time_us,
        personal=personal,
        details=details,
        redacted=redacted,
    )


def _cut(event: SubmittedEvent) -> SubmittedEvent:
    """A longer user agent is cut."""
    context = event.context
    if context is None or context.user_agent is None:
        return event
    # No character has more than four bytes.
    if len(context.user_agent) <= MAX_USER_AGENT_BYTES // 4:
        return event
    whole = context.user_agent.encode()
    if len(whole) <= MAX_USER_AGENT_BYTES:
        return event
    user_agent = whole[:MAX_USER_AGENT_BYTES].decode(errors="ignore")
    return msgspec.structs.replace(
        event, context=msgspec.structs.replace(context, user_agent=user_agent)
    )

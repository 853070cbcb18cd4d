"""Prepares an event for all attempts to store it: masks, then makes texts that need no id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from audit.record.evidence.parts import make_content
from audit.redact import find_suspects, mask_event

from .origin import Origin
from .submitted import SubmittedEvent, Workspace

# As Python's objects, details take up to thirty times the memory of their text.
LARGE_BYTES = 4_096
# How much is screened at a time: some eighty events.
SCREENED_BYTES = 2**16
MAX_USER_AGENT_BYTES = 8 * 2**10


class PreparedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A checked event with its secrets masked, and the two parts that don't hold its id.

    index: its position in the submission; time_us: microseconds since 1970; redacted: JSON pointers
    event: without details and changes where they are large; nothing but the parts needs them
    """

    index: int
    event: SubmittedEvent
    time_us: int
    personal: bytes
    details: bytes
    redacted: tuple[str, ...] = ()


def prepare_events(
    events: Iterable[tuple[int, SubmittedEvent, int]], *, origin: Origin
) -> Iterator[PreparedEvent]:
    """Mask events and make their parts.

    events: position in the submission, the event, and when it happened (microseconds since 1970)
    The parts of nearly every event are screened and done; what may hold a secret is walked, and
    divided anew. Of the head, which holds ids, types and times, a password in a URL is all
    that any rule looks for. Many are screened at a time: each search gives up the interpreter's
    lock, which costs a process that records in several threads more than the search itself.
    """
    waiting: list[PreparedEvent] = []
    size = 0
    for index, event, time_us in events:
        if origin.workspace is not None and event.workspace is None:
            # A key that is bound to a workspace fills it in.
            event = msgspec.structs.replace(event, workspace=Workspace(id=origin.workspace))
        event = _cut(event)
        personal, details = make_content(event)
        waiting.append(
            PreparedEvent(
                index=index, event=event, time_us=time_us, personal=personal, details=details
            )
        )
        size += len(personal) + len(details)
        if size >= SCREENED_BYTES:
            yield from _masked(waiting, environment=origin.environment)
            waiting, size = [], 0
    yield from _masked(waiting, environment=origin.environment)


def _masked(waiting: Sequence[PreparedEvent], *, environment: str) -> Iterator[PreparedEvent]:
    texts = [b"\n".join((one.personal, one.details)) for one in waiting]
    suspects = frozenset(find_suspects(texts, environment=environment))
    for place, one in enumerate(waiting):
        if place in suspects or _has_url_as_id(one.event):
            event, redacted = mask_event(one.event, environment=environment)
            if redacted:
                personal, details = make_content(event)
                one = msgspec.structs.replace(
                    one, event=event, personal=personal, details=details, redacted=redacted
                )
        if len(one.personal) + len(one.details) > LARGE_BYTES:
            slim = msgspec.structs.replace(one.event, details=None, changes=None)
            one = msgspec.structs.replace(one, event=slim)
        yield one


def _has_url_as_id(event: SubmittedEvent) -> bool:
    """Is an id of the head a URL that may hold a password (postgres://ann:secret@db)?"""
    workspace, application, resource = event.workspace, event.application, event.resource
    ids = (
        event.id,
        event.source,
        workspace.id if workspace is not None else None,
        application.id if application is not None else None,
        application.gid if application is not None else None,
        resource.id if resource is not None else None,
        resource.type if resource is not None else None,
    )
    return any(
        text is not None and (("@" in text and "://" in text) or "%40" in text) for text in ids
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

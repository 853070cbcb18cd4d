"""What of an event, or of a text, is secret?"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

from .rules import rules_of
from .tree import Walk

Event = TypeVar("Event", bound=Struct)
_encode = msgspec.json.Encoder().encode


def mask_event(event: Event, *, environment: str) -> tuple[Event, tuple[str, ...]]:
    """Return the event with its secrets as "[redacted]", and JSON pointers to what was masked.

    event: a struct whose own members named as ids, types and times are left alone; the pointers
    follow the document as it was sent (`/details/headers/Authorization`). Without secrets it is
    the same object.
    """
    if not may_hold_secret(_encode(event), environment=environment):
        return event, ()
    walk = Walk(rules_of(environment))
    return walk.mask(event), walk.pointers.as_tuple()


def may_hold_secret(*texts: bytes, environment: str) -> bool:
    """Is an event whose encoded texts these are worth a walk? Costs some 2 µs for 700 bytes."""
    return rules_of(environment).may_hold_secret(b"\n".join(texts))


def mask_text(text: str, *, environment: str | None = None) -> str:
    """Return any text without its secrets: a body that could not be decoded, a line of a log."""
    return rules_of(environment).mask_string(text)

"""Compares an event with a stored one of the same id, though our rules have changed since.

What is stored was masked, and divided into its parts, by the rules of its day; what is sent again
by today's. So both are put together again, and where one of two texts holds a mask, it stands for
whatever the other has in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

import msgspec

from audit.record.evidence.parts import Parts, sender_content
from audit.redact import MASK

_decode: Callable[[bytes | str], Any] = msgspec.json.Decoder(
    float_hook=lambda digits: _Digits(digits)
).decode
# What stands in more than one part: these members are put together one level deeper.
_DIVIDED = ("context", "details", "application", "resource", "workspace")


class _Digits(msgspec.Struct, frozen=True):
    """A decimal as it was written: 1.10 is not 1.1 in what is evidence."""

    text: str


class StoredParts(msgspec.Struct, frozen=True):
    """The parts as they are kept; None: it was erased."""

    head: str | None
    personal: str | None
    details: str | None


def is_same(parts: Parts, stored: StoredParts) -> bool:
    """Is it the same event? A part that was erased can't be held against it."""
    kept = (stored.personal, stored.details)
    divided = zip(kept, (parts.personal, parts.details), strict=True)
    if all(theirs is None or theirs.encode() == ours for theirs, ours in divided):
        if stored.head is None:
            return True
        if _head(stored.head) == _head(parts.head):
            return True
    ours = _whole(parts.head, parts.personal, parts.details)
    theirs = _whole(stored.head, stored.personal, stored.details)
    has_holes = None in (stored.head, *kept)
    return _match(theirs, ours, holes=2 if has_holes else 0)


def _head(text: bytes | str) -> dict[str, Any]:
    return sender_content(_decode(text))


def _whole(
    head: bytes | str | None, personal: bytes | str | None, details: bytes | str | None
) -> dict[str, Any]:
    """Return the event as its sender gave it, whichever part its members are in."""
    whole: dict[str, Any] = dict(_head(head)) if head is not None else {}
    if "workspace" in whole:
        whole["workspace"] = {"id": whole["workspace"]}
    for text in (personal, details):
        part = _decode(text) if text is not None else {}
        for name, value in part.items():
            if name == "targets":
                whole[name] = _targets(whole.get(name, ()), value)
            elif name in _DIVIDED and isinstance(value, dict):
                whole[name] = {**whole.get(name, {}), **value}
            else:
                whole[name] = value
    return whole


def _targets(some: Any, others: Any) -> list[Any]:
    """Two lists in which the places are empty that the other fills."""
    return [one or other for one, other in zip_longest(some, others)]


def _match(theirs: Any, ours: Any, *, holes: int) -> bool:
    """Are two values equal but for masks? holes: how many levels down what is stored may lack
    members, since they were erased.
    """
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return _match_members(theirs, ours, holes=holes)
    if isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            return False
        return all(
            (holes > 0 and a is None) or _match(a, b, holes=holes - 1)
            for a, b in zip(theirs, ours, strict=True)
        )
    if isinstance(theirs, str) and isinstance(ours, str):
        return theirs == ours or _fits(theirs, ours) or _fits(ours, theirs)
    # A number, or all that stood under a name, may be masked as a whole.
    return (theirs == ours and type(theirs) is type(ours)) or MASK in (theirs, ours)


def _match_members(theirs: Mapping[str, Any], ours: Mapping[str, Any], *, holes: int) -> bool:
    if not all(_match(theirs[n], ours[n], holes=holes - 1) for n in theirs if n in ours):
        return False
    lacking = [name for name in ours if name not in theirs]
    for name, value in theirs.items():
        if name in ours:
            continue
        # The name itself was shaped like a secret, by the rules of one of the two days.
        other = next((n for n in lacking if _fits(name, n) or _fits(n, name)), None)
        if other is None or not _match(value, ours[other], holes=holes - 1):
            return False
        lacking.remove(other)
    return not lacking or holes > 0


def _fits(masked: str, text: str) -> bool:
    """Is this the other text with stretches masked?"""
    pieces = masked.split(MASK)
    if len(pieces) == 1:
        return False
    if not (text.startswith(pieces[0]) and text.endswith(pieces[-1])):
        return False
    if len(text) < len(pieces[0]) + len(pieces[-1]):
        return False
    place, end = len(pieces[0]), len(text) - len(pieces[-1])
    for piece in pieces[1:-1]:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True

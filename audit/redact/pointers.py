"""Collects JSON pointers (RFC 6901) to what was masked, within bounds."""

from __future__ import annotations

from collections.abc import Sequence

MAX_CHARACTERS = 8_192


class Pointers:
    """Pointers in the order in which they were found.

    A pointer can be as long as an event and an event can have ten thousands: where all of them
    have more than MAX_CHARACTERS, the others are reduced to the pointer of their topmost member.
    """

    def __init__(self) -> None:
        self._found: dict[str, None] = {}
        self._characters = 0

    def add(self, trail: Sequence[str | int]) -> None:
        length = sum(len(step) + 1 if isinstance(step, str) else 6 for step in trail)
        if self._characters + length > MAX_CHARACTERS:
            trail = trail[:1]
            length = 0
        pointer = "".join(f"/{escaped(str(step))}" for step in trail)
        self._found[pointer] = None
        self._characters += length

    def as_tuple(self) -> tuple[str, ...]:
        return tuple(self._found)


def escaped(step: str) -> str:
    """Return a member's name as a step of a pointer."""
    return step.replace("~", "~0").replace("/", "~1")

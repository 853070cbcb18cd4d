"""Writes and reads cursors: opaque, and good for one search only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from .bounded_scan import Direction
from .event_query import EventQuery
from .signed_text import SignedText, other_filters

_signed = SignedText(salt="audit.query.cursor", max_characters=200)
# Direction, and whether it goes on within an instant; the small ones are those of old.
_LETTERS: Mapping[str, tuple[Direction, bool]] = {
    "o": ("older", False),
    "n": ("newer", False),
    "O": ("older", True),
    "N": ("newer", True),
}
_LETTER_OF = {said: letter for letter, said in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on from this event (not included) in this direction.

    is_within: from its place among the events of the same microsecond; else from its id, of which
        there need be no event
    """

    beyond: UUID
    direction: Direction
    is_within: bool = False


def write_cursor(cursor: Cursor, query: EventQuery) -> str:
    """Return the cursor as text, signed for this search."""
    value = f"{_LETTER_OF[cursor.direction, cursor.is_within]}{cursor.beyond.hex}{query.digest()}"
    return _signed.write(value)


def read_cursor(text: str, query: EventQuery) -> Cursor:
    """Return the cursor that a text holds. Raises BadCursor: it is refused, never guessed."""
    value = _signed.read(text)
    if value[33:] != query.digest():
        raise other_filters()
    return Cursor(UUID(hex=value[1:33]), *_LETTERS[value[0]])

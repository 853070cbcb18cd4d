"""How does a reader go on? Opaque cursors that hold for one search only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from audit.errors import BadCursor

from .bounded_scan import Direction
from .event_query import EventQuery

SALT = "audit.query.cursor"
MAX_CHARACTERS = 200
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
    return signing.Signer(salt=SALT, sep=".").sign(value)


def read_cursor(text: str, query: EventQuery) -> Cursor:
    """Return the cursor that a text holds. Raises BadCursor: it is refused, never guessed."""
    if len(text) > MAX_CHARACTERS or not text.isascii():
        raise BadCursor("cursor", "The cursor is none of ours.")
    try:
        value = signing.Signer(salt=SALT, sep=".").unsign(text)
    except signing.BadSignature:
        raise BadCursor("cursor", "The cursor was changed, or is none of ours.") from None
    if value[33:] != query.digest():
        raise BadCursor("cursor", "The cursor belongs to a search with other filters.")
    return Cursor(UUID(hex=value[1:33]), *_LETTERS[value[0]])

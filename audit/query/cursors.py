"""How does a reader go on? Opaque cursors that hold for one search only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from audit.errors import BadCursor

from .event_query import EventQuery
from .look import Direction

SALT = "audit.query.cursor"
MAX_CHARACTERS = 200
_LETTERS: dict[str, Direction] = {"o": "older", "n": "newer"}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on from this event (not included) in this direction."""

    beyond: UUID
    direction: Direction


def write_cursor(cursor: Cursor, query: EventQuery) -> str:
    """Return the cursor as text, signed for this search."""
    value = f"{cursor.direction[0]}{cursor.beyond.hex}{query.digest()}"
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
    return Cursor(UUID(hex=value[1:33]), _LETTERS[value[0]])

"""Signs what a reader is to bring back, a cursor or a mark, and reads it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import msgspec
from django.core import signing

from audit.errors import BadCursor

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedText:
    """One kind of such texts. salt: tells it from others; what readers kept is lost with another"""

    salt: str
    max_characters: int

    def write(self, value: str) -> str:
        """Return a text of ASCII that holds the value; `read` gives it back."""
        return self._signer().sign(value)

    def read(self, text: str) -> str:
        """Raises BadCursor: what was changed is refused, never guessed."""
        if len(text) > self.max_characters or not text.isascii():
            raise BadCursor("cursor", "The cursor is none of ours.")
        try:
            return self._signer().unsign(text)
        except signing.BadSignature:
            raise BadCursor(
                "cursor", "The cursor was changed, or belongs to a search of another kind."
            ) from None

    def write_value(self, value: object) -> str:
        """Return a text that holds a value as JSON."""
        return self.write(signing.b64_encode(msgspec.json.encode(value)).decode())

    def read_value(self, text: str, type_: type[Value]) -> Value:
        """Raises BadCursor."""
        return msgspec.json.decode(signing.b64_decode(self.read(text).encode()), type=type_)

    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=self.salt, sep=".")


def other_filters() -> BadCursor:
    """Return the error of a cursor that is good, but not for this search."""
    return BadCursor("cursor", "The cursor belongs to a search with other filters.")

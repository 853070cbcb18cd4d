"""Names what can be wrong with a log, a note or a proof."""

from __future__ import annotations


class TlogError(ValueError):
    """Something does not verify; the message says what."""


class BadProof(TlogError):
    """A proof does not lead to the root that it should lead to."""


class BadNote(TlogError):
    """A text is no signed note, or no key that is trusted has signed it."""


class BadKey(TlogError):
    """A text is no verifier key, or not of a type that can be checked here."""


class Refused(TlogError):
    """An export does not verify.

    position: of the event concerned, or None; part: which of its parts, or which file
    """

    def __init__(self, said: str, *, position: int | None = None, part: str = "") -> None:
        self.position = position
        self.part = part
        where = f"position {position}" if position is not None else ""
        named = ", ".join(filter(None, (where, part)))
        super().__init__(f"{named}: {said}" if named else said)


class Unusable(TlogError):
    """What was given is no export, or not one of a form that is known here."""

"""Says whose signatures a verifier believes, and what they prove together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .cosignatures import cosigners
from .errors import BadKey, BadNote, Refused
from .notes import COSIGNATURE, ED25519, Note, VerifierKey, parse_key, signers


@dataclass(frozen=True, slots=True)
class Witness:
    """key: what it signs with; organisation: whose it is, or empty where nobody said"""

    key: VerifierKey
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """keys: of the log, one of them must have signed; quorum: so many organisations other than the
    log's must have witnessed; organisation: the log's own, or empty
    """

    keys: Sequence[VerifierKey]
    witnesses: Sequence[Witness] = ()
    quorum: int = 0
    organisation: str = ""

    def log_keys(self, note: Note, *, part: str) -> tuple[VerifierKey, ...]:
        """Return the keys of the log that have signed the note. Raises Refused if none has."""
        try:
            found = signers(note, self.keys)
        except BadNote as error:
            raise Refused(str(error), part=part) from None
        origin = note.text.partition("\n")[0]
        named = tuple(key for key in found if key.name == origin)
        if not named:
            raise Refused("none of the given keys has signed it as its log", part=part)
        return named

    def witnessed(self, note: Note, *, part: str) -> tuple[Seen, ...]:
        """Return which of the witnesses have signed the note, and when. Raises Refused."""
        try:
            found = cosigners(note, [witness.key for witness in self.witnesses])
        except BadNote as error:
            raise Refused(str(error), part=part) from None
        origin = note.text.partition("\n")[0]
        return tuple(
            Seen(witness, found[witness.key], self._is_foreign(witness, origin))
            for witness in self.witnesses
            if witness.key in found
        )

    def _is_foreign(self, witness: Witness, origin: str) -> bool:
        """Is the witness known to be of another organisation than the log?

        A witness of the log's own installation, or with a key of the log's, never is.
        """
        own_name = origin.partition("/")[0]
        is_own = witness.key.name.partition("/")[0] == own_name or any(
            key.public == witness.key.public for key in self.keys
        )
        theirs, ours = witness.organisation.casefold(), self.organisation.casefold()
        return bool(theirs) and theirs != ours and not is_own


@dataclass(frozen=True, slots=True)
class Seen:
    """A witness that has signed. time_seconds: since 1970; is_foreign: of another organisation"""

    witness: Witness
    time_seconds: int
    is_foreign: bool = field(default=False)


def parse_log_key(text: str) -> VerifierKey:
    """Return the key of a log. Raises BadKey."""
    key = parse_key(text)
    if key.type != ED25519:
        raise BadKey(f"{text!r} is a witness's key; a log signs with type 0x01")
    return key


def parse_witness(text: str) -> Witness:
    """Return the witness that `name+hash+key` or `name+hash+key=Organisation` says."""
    # 33 bytes in base64 end without "=".
    encoded, _, organisation = text.partition("=")
    key = parse_key(encoded)
    if key.type != COSIGNATURE:
        raise BadKey(f"{text!r} is a log's key; a witness signs with type 0x04")
    return Witness(key, organisation.strip())

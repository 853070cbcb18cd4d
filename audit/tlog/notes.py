"""Writes, reads and checks signed notes (c2sp.org/signed-note)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .base64_text import from_base64, to_base64
from .errors import BadKey, BadNote

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_KEY_BYTES = 32
_DASH = "\u2014"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """name: of the key; id: 4 bytes; type: ED25519 or COSIGNATURE; public: 32 bytes"""

    name: str
    id: bytes
    type: int
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.type]) + self.public)}"

    def is_right(self, signature: bytes, message: bytes) -> bool:
        """Is this the key's Ed25519 signature (RFC 8032) of the message?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of a note: who says to have signed, and the bytes behind the key's id."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        return f"{_DASH} {self.name} {to_base64(self.key_id + self.content)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """text: what is signed, with its last newline"""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(signature.line for signature in self.signatures)


def make_key(name: str, public: bytes, *, type: int = ED25519) -> VerifierKey:
    """Return the verifier key of a public key; its id is `SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]`.

    Raises BadKey for a name that is empty or holds a blank or a plus.
    """
    if not _is_name(name):
        raise BadKey(f"{name!r} can't be the name of a key: it is empty, or has a blank or a plus")
    if len(public) != _KEY_BYTES:
        raise BadKey(f"an Ed25519 key has {_KEY_BYTES} bytes, not {len(public)}")
    id_ = sha256(name.encode() + b"\n" + bytes([type]) + public).digest()[:4]
    return VerifierKey(name, id_, type, public)


def parse_key(text: str) -> VerifierKey:
    """Return the key that `name+hash+key` says. Raises BadKey."""
    name, *rest = text.split("+", 2)
    if len(rest) != 2:
        raise BadKey(f"{text!r} is not of the form name+hash+key")
    try:
        content = from_base64(rest[1])
    except ValueError:
        raise BadKey(f"{text!r} does not end in base64") from None
    if not content or content[0] not in (ED25519, COSIGNATURE):
        said = f"0x{content[0]:02x}" if content else "none"
        raise BadKey(f"{text!r} is a key of type {said}; 0x01 and 0x04 (Ed25519) can be checked")
    key = make_key(name, content[1:], type=content[0])
    if key.id.hex() != rest[0]:
        raise BadKey(f"{text!r} says the hash {rest[0]!r}, and it is {key.id.hex()}")
    return key


def sign_note(text: str, keys: Iterable[tuple[str, Ed25519PrivateKey]]) -> Note:
    """Return the text signed by each key, under its name (signature type 0x01)."""
    return Note(text, tuple(_signature(text, name, key) for name, key in keys))


def _signature(text: str, name: str, key: Ed25519PrivateKey) -> Signature:
    id_ = make_key(name, key.public_key().public_bytes_raw()).id
    return Signature(name, id_, key.sign(text.encode()))


def parse_note(content: bytes) -> Note:
    """Return the text and the signatures of a note, none of them checked. Raises BadNote."""
    if len(content) > MAX_NOTE_BYTES:
        raise BadNote(f"a note of more than {MAX_NOTE_BYTES:,} bytes")
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise BadNote("the note is not UTF-8") from None
    if _CONTROL.search(whole):
        raise BadNote("the note has a control character")
    body, is_divided, lines = whole.rpartition("\n\n")
    if not is_divided or not lines.endswith("\n"):
        raise BadNote("the note has no signatures after an empty line")
    signatures = tuple(map(_parse_signature, lines[:-1].split("\n")))
    if len(signatures) > MAX_SIGNATURES:
        raise BadNote(f"the note has more than {MAX_SIGNATURES} signatures")
    return Note(body + "\n", signatures)


def _parse_signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        content = from_base64(encoded)
    except ValueError:
        content = b""
    if dash != _DASH or not _is_name(name) or len(content) < 5:
        raise BadNote(f"the note has a line that is no signature: {line[:80]!r}")
    return Signature(name, content[:4], content[4:])


def signers(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return those of the Ed25519 keys that have signed the note; unknown ones don't count.

    Raises BadNote where one that is known is said to have signed, and has not.
    """
    found = []
    for key in keys:
        own = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.id)]
        if key.type != ED25519 or not own:
            continue
        if not all(key.is_right(signature.content, note.text.encode()) for signature in own):
            raise BadNote(f"the signature of {key.name} is wrong")
        found.append(key)
    return tuple(found)


def _is_name(text: str) -> bool:
    return bool(text) and "+" not in text and not any(c.isspace() for c in text)

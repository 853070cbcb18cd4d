"""Makes and checks what a witness signs (c2sp.org/tlog-cosignature, Ed25519)."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .errors import BadNote
from .notes import COSIGNATURE, Note, Signature, VerifierKey, make_key

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


def cosign(note: Note, name: str, key: Ed25519PrivateKey, *, time_seconds: int) -> Signature:
    """Return a witness's signature; time_seconds: since 1970, when it saw the checkpoint."""
    id_ = make_key(name, key.public_key().public_bytes_raw(), type=COSIGNATURE).id
    content = time_seconds.to_bytes(_TIME_BYTES, "big") + key.sign(_message(note, time_seconds))
    return Signature(name, id_, content)


def cosigners(note: Note, keys: Sequence[VerifierKey]) -> dict[VerifierKey, int]:
    """Return those of the witnesses' keys that have signed, with the time in seconds since 1970.

    Raises BadNote where a known one is said to have signed, and has not.
    """
    found: dict[VerifierKey, int] = {}
    for key in keys:
        if key.type != COSIGNATURE:
            continue
        for signature in note.signatures:
            if (signature.name, signature.key_id) == (key.name, key.id):
                found[key] = _check(note, signature, key)
    return found


def _check(note: Note, signature: Signature, key: VerifierKey) -> int:
    time_seconds = int.from_bytes(signature.content[:_TIME_BYTES], "big")
    is_right = len(signature.content) == _TIME_BYTES + _SIGNATURE_BYTES and key.is_right(
        signature.content[_TIME_BYTES:], _message(note, time_seconds)
    )
    if not is_right:
        raise BadNote(f"the cosignature of {key.name} is wrong")
    return time_seconds


def _message(note: Note, time_seconds: int) -> bytes:
    return f"cosignature/v1\ntime {time_seconds}\n{note.text}".encode()

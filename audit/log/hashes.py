"""Hashes texts into numbers: short ones for indexes, and unique ones."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID
from zlib import crc32


def text_hash(text: str | None) -> int | None:
    """Return the CRC-32 of a text as the signed number that its column and indexes hold.

    Not a secret and not unique: whoever searches by it asks for the text too.
    """
    if text is None:
        return None
    value = crc32(text.encode())
    return value - 2**32 if value >= 2**31 else value


def short_key(text: str) -> int:
    """Return 64 bits of the SHA-256 of a text, as a signed number: half of `text_key`'s room, where
    what is found is looked up by its text after all.
    """
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)


def list_key(environment: int, workspace_key: UUID, kind: str) -> int:
    """Return the `short_key` of a list to choose from: the subjects of a kind in an environment and
    a workspace, or with `NO_WORKSPACE` in all of them.
    """
    return short_key(f"{environment}/{workspace_key}/{kind}")


def text_key(text: str) -> UUID:
    """Return the number that stands for an id too long for an index: 128 bits, so unique."""
    return UUID(bytes=sha256(text.encode()).digest()[:16])

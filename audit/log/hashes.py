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


def text_key(text: str) -> UUID:
    """Return the number that stands for an id too long for an index: 128 bits, so unique."""
    return UUID(bytes=sha256(text.encode()).digest()[:16])

"""Writes and reads base64 by the letter (RFC 4648 section 4): one text for each value."""

from __future__ import annotations

import base64
import binascii

from .hashes import HASH_BYTES


def to_base64(content: bytes) -> str:
    """Return the text of some bytes."""
    return base64.b64encode(content).decode()


def from_base64(text: str) -> bytes:
    """Return the bytes of a text. Raises ValueError where it is not the one way to write them."""
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if to_base64(content) != text:
        raise ValueError("base64 in another form than its own")
    return content


def hash_from_base64(text: str) -> bytes:
    """Return a hash of 32 bytes. Raises ValueError."""
    content = from_base64(text)
    if len(content) != HASH_BYTES:
        raise ValueError(f"a hash has {HASH_BYTES} bytes, not {len(content)}")
    return content

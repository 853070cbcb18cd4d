"""Makes tokens: a prefix that secret scanners know, randomness, a checksum."""

from __future__ import annotations

import hashlib
import secrets
from zlib import crc32

INGEST_PREFIX = "sli_"
READ_PREFIX = "slr_"
RANDOM_CHARACTERS = 32
CHECKSUM_CHARACTERS = 6
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def new_token(prefix: str) -> str:
    """Return a new token: the prefix, 32 random characters (190 bits), 6 of CRC-32 in base 62."""
    body = prefix + "".join(secrets.choice(_ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + _checksum(body)


def is_well_formed(token: str, prefix: str) -> bool:
    """Could this be a token of ours? A mistyped one is found without a look-up."""
    length = len(prefix) + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS
    if len(token) != length or not token.isascii() or not token.startswith(prefix):
        return False
    return _checksum(token[:-CHECKSUM_CHARACTERS]) == token[-CHECKSUM_CHARACTERS:]


def token_digest(token: str) -> bytes:
    """Return the SHA-256 under which a token is stored. It needs no salt: it is random."""
    return hashlib.sha256(token.encode()).digest()


def token_hint(token: str) -> str:
    """Return what people recognise a token by: its prefix and last four characters."""
    return f"{token[:4]}…{token[-4:]}"


def _checksum(text: str) -> str:
    number = crc32(text.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))

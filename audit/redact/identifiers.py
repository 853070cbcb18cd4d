"""Recognizes values that identify a secret without revealing it; these stay, to correlate by.

A digest that says how it was made, and the public id of a key, under whatever name they stand.
"""

from __future__ import annotations

import re

from .names import SecretKind

# hmac-sha256:9f86d0…, SHA256:47DEQpj8HBSa+/TImW+5JC…, sha512-z4PhNX7vuL3x…: long enough to be one
_DIGEST = re.compile(
    r"(?P<keyed>hmac[-_]?)?"
    r"(?:sha-?(?:224|256|384|512)|sha-?512/256|sha3-(?:224|256|384|512)|blake2[bs]|blake3)"
    r"[:=-](?:[0-9a-f]{40,128}|[0-9A-F]{40,128}|[0-9A-Za-z+/_-]{38,88}={0,2})",
    re.IGNORECASE,
)
# AKIAIOSFODNN7EXAMPLE, also as the beginning of a credential's scope (AKIA…/20260305/eu-west-1/s3)
_KEY_ID = re.compile(r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?:(?:/|%2F)[\w-]{1,40}){0,6}")


def is_identifier(value: str, kind: SecretKind) -> bool:
    """Does a value under a secret's name only identify it?

    What people choose can be found by trying, so of that only a keyed digest stays.
    """
    if _KEY_ID.fullmatch(value):
        return True
    digest = _DIGEST.fullmatch(value)
    return digest is not None and (digest["keyed"] is not None or not kind.guessable)

"""Hashes leaves and nodes of the tree (RFC 6962 section 2.1)."""

from __future__ import annotations

from hashlib import sha256

HASH_BYTES = 32
# The root of a tree without leaves: SHA-256 of nothing.
EMPTY_ROOT = sha256().digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return `SHA-256(0x00 ‖ leaf)`."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return `SHA-256(0x01 ‖ left ‖ right)` of two hashes of 32 bytes."""
    return sha256(b"\x01" + left + right).digest()

"""What is hashed into the tree, and how? RFC 6962 section 2.1."""

from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """Return `SHA-256(0x00 ‖ leaf)`."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return `SHA-256(0x01 ‖ left ‖ right)` of two hashes of 32 bytes."""
    return sha256(b"\x01" + left + right).digest()

"""Commits to the three parts of an event in one leaf of 113 bytes."""

from __future__ import annotations

from hashlib import sha256

PARTS = ("head", "personal", "details")
SALT_BYTES = 16
LEAF_PREFIX = b"\x01"
ID_BYTES = 16
LEAF_BYTES = len(LEAF_PREFIX) + ID_BYTES + 3 * 32
PART_LABELS = {part: f"audit/v1/{part}\n".encode() for part in PARTS}


class BadLeaf(ValueError):
    """Bytes are no leaf of an event."""


def commitment(part: str, salt: bytes, body: bytes) -> bytes:
    """Return `SHA-256("audit/v1/" + part + "\\n" ‖ salt ‖ body)`, 32 bytes; salt: 16 bytes."""
    return sha256(PART_LABELS[part] + salt + body).digest()


def make_leaf(event_id: bytes, commitments: tuple[bytes, bytes, bytes]) -> bytes:
    """Return `0x01 ‖ event id (16 bytes) ‖ C(head) ‖ C(personal) ‖ C(details)`, 113 bytes."""
    leaf = LEAF_PREFIX + event_id + b"".join(commitments)
    if len(leaf) != LEAF_BYTES:
        raise BadLeaf(f"a leaf has {LEAF_BYTES} bytes, not {len(leaf)}")
    return leaf


def split_leaf(leaf: bytes) -> tuple[bytes, tuple[bytes, bytes, bytes]]:
    """Return the event id and the three commitments of a leaf. Raises BadLeaf."""
    if len(leaf) != LEAF_BYTES:
        raise BadLeaf(f"a leaf has {LEAF_BYTES} bytes, not {len(leaf)}")
    if not leaf.startswith(LEAF_PREFIX):
        raise BadLeaf(f"a leaf begins with byte 0x01, not 0x{leaf[0]:02x}")
    head, personal, details = (leaf[at : at + 32] for at in (17, 49, 81))
    return leaf[1:17], (head, personal, details)

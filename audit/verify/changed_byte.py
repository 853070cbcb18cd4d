"""Finds which byte of an event was changed, where it was one: the leaf hash tells the right one.

A leaf commits to all parts at once, so it doesn't tell which of them is another. Of one changed
byte there are so few possibilities (255 for each byte of texts and salts) that all can be tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from audit.tlog.hashes import leaf_hash
from audit.tlog.leaves import PART_LABELS, PARTS, make_leaf

# Texts beyond this are not tried: the time grows with the square.
MAX_BYTES = 8 * 2**10


def changed_part(
    event_id: bytes,
    there: Mapping[str, tuple[bytes, bytes]],
    commitments: Mapping[str, bytes],
    leaf: bytes,
) -> str | None:
    """Return the part, such as `details` or `details_salt`, in which one byte was changed.

    there: text and salt of the parts that are not erased; commitments: of all, from what is
    stored; leaf: the leaf hash that was committed to. None where no single byte makes it right.
    """
    for part in PARTS:
        if part not in there:
            continue
        text, salt = there[part]
        for name, content in ((f"{part}_salt", salt), (part, text)):
            if len(content) > MAX_BYTES:
                continue
            for other in _neighbours(content):
                made = _commit(part, salt, other) if name == part else _commit(part, other, text)
                tried = {**commitments, part: made}
                if _leaf(event_id, tried) == leaf:
                    return name
    return None


def _neighbours(content: bytes) -> Iterator[bytes]:
    """Yield all contents that differ in one byte."""
    for at in range(len(content)):
        before, after = content[:at], content[at + 1 :]
        for value in range(256):
            if value != content[at]:
                yield before + bytes((value,)) + after


def _commit(part: str, salt: bytes, text: bytes) -> bytes:
    return sha256(PART_LABELS[part] + salt + text).digest()


def _leaf(event_id: bytes, commitments: Mapping[str, bytes]) -> bytes:
    head, personal, details = (commitments[part] for part in PARTS)
    return leaf_hash(make_leaf(event_id, (head, personal, details)))

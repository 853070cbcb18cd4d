"""Is an event new, the same again, or another under the same id?"""

from __future__ import annotations

from typing import Any

import msgspec

from .origin import Verdict
from .parts import sender_content
from .rows import Prepared
from .store import Stored


def verdict_of(item: Prepared, stored: Stored | None, earlier: Prepared | None) -> Verdict:
    """Return what becomes of an event.

    stored: what the table holds under its id; earlier: what the same transaction records there
    """
    if stored is not None:
        same = _is_same(item, (stored.head, stored.personal, stored.details))
        status: Any = "duplicate" if same else "conflict"
        return Verdict(status=status, id=item.id, leaf_hash=stored.leaf_hash)
    if earlier is not None:
        texts = (part.decode() for part in earlier.parts)
        status = "duplicate" if _is_same(item, tuple(texts)) else "conflict"
        return Verdict(status=status, id=item.id, leaf_hash=earlier.leaf_hash)
    return Verdict(status="recorded", id=item.id, leaf_hash=item.leaf_hash)


def _is_same(item: Prepared, stored: tuple[str | None, ...]) -> bool:
    """Did the sender say the same before? A part that was erased can't be held against it."""
    head, personal, details = stored
    if personal is not None and personal.encode() != item.parts.personal:
        return False
    if details is not None and details.encode() != item.parts.details:
        return False
    if head is None:
        return True
    ours, theirs = msgspec.json.decode(item.parts.head), msgspec.json.decode(head)
    return sender_content(ours) == sender_content(theirs)

"""Is an event new, the same again, or another under the same id?"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import msgspec

from audit.errors import Problem

from .origin import Verdict
from .parts import Parts, sender_content
from .ready import Ready
from .rows import Prepared
from .store import Stored

CONFLICT = Problem(
    "/id",
    "another content is recorded under this id and time, and stays; name each deed by an id of its"
    " own",
)


class Draft(NamedTuple):
    """An event under its id, of which nobody knows yet whether it is there."""

    id: UUID
    ready: Ready
    parts: Parts


def recorded(new: Prepared) -> Verdict:
    """Return the verdict of an event that is new."""
    return Verdict(status="recorded", id=new.id, leaf_hash=new.leaf_hash)


def known_before(draft: Draft, known: Stored | Prepared) -> Verdict:
    """Return the verdict of an event whose id the table holds, or this transaction records."""
    if isinstance(known, Stored):
        same = _is_same(draft.parts, known.head, known.personal, known.details)
    else:
        same = _is_same(draft.parts, *(part.decode() for part in known.parts))
    return Verdict(
        status="duplicate" if same else "conflict",
        id=draft.id,
        leaf_hash=known.leaf_hash,
        problems=() if same else (CONFLICT,),
    )


def _is_same(parts: Parts, head: str | None, personal: str | None, details: str | None) -> bool:
    """Did the sender say the same before? A part that was erased can't be held against it."""
    if personal is not None and personal.encode() != parts.personal:
        return False
    if details is not None and details.encode() != parts.details:
        return False
    if head is None:
        return True
    ours, theirs = msgspec.json.decode(parts.head), msgspec.json.decode(head)
    return sender_content(ours) == sender_content(theirs)

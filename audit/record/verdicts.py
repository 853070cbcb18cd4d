"""Decides whether an event is new, a duplicate, or another one under the same id."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from audit.errors import Problem
from audit.record.evidence.parts import Parts
from audit.record.evidence.rows import Prepared

from .origin import Verdict
from .preparation import Ready
from .sameness import Kept, is_same
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
        kept = Kept(head=known.head, personal=known.personal, details=known.details)
    else:
        head, personal, details = (part.decode() for part in known.parts)
        kept = Kept(head=head, personal=personal, details=details)
    same = is_same(draft.parts, kept)
    return Verdict(
        status="duplicate" if same else "conflict",
        id=draft.id,
        leaf_hash=known.leaf_hash,
        problems=() if same else (CONFLICT,),
    )

"""Decides whether an event is new, a duplicate, or another one under the same id."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from audit.errors import Problem
from audit.record.evidence.parts import Parts
from audit.record.evidence.rows import NewEvent

from .origin import Verdict
from .preparation import PreparedEvent
from .sameness import StoredParts, is_same
from .store import Stored

CONFLICT = Problem(
    "/id",
    "another content is recorded under this id and time, and stays; name each deed by an id of its"
    " own",
)


class IdentifiedEvent(NamedTuple):
    """An event under its id, before it is known whether it is stored."""

    id: UUID
    prepared: PreparedEvent
    parts: Parts


def recorded_verdict(new: NewEvent) -> Verdict:
    """Return the verdict of an event that is new."""
    return Verdict(status="recorded", id=new.id, leaf_hash=new.leaf_hash)


def known_verdict(identified: IdentifiedEvent, known: Stored | NewEvent) -> Verdict:
    """Return the verdict of an event whose id is in the table, or in this transaction."""
    if isinstance(known, Stored):
        kept = StoredParts(head=known.head, personal=known.personal, details=known.details)
    else:
        head, personal, details = (part.decode() for part in known.parts)
        kept = StoredParts(head=head, personal=personal, details=details)
    same = is_same(identified.parts, kept)
    return Verdict(
        status="duplicate" if same else "conflict",
        id=identified.id,
        leaf_hash=known.leaf_hash,
        problems=() if same else (CONFLICT,),
    )

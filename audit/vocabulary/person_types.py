"""The types of resources and targets that are people, whose data can be erased.

The set is evidence (docs/evidence.md): a type that leaves it is no longer a person's part.
"""

from __future__ import annotations

PERSON_TYPES = frozenset({"user", "person", "member", "actor"})


def is_person_type(type_: str) -> bool:
    """Is this type a person, in whatever case it is written?"""
    return type_.lower() in PERSON_TYPES

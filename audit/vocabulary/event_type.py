"""What is known about one type of event?"""

from __future__ import annotations

from dataclasses import dataclass

OUTCOMES = ("success", "failure", "denied")
PRODUCT_PREFIX = "AUDIT_"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One type of event.

    group: a key of GROUPS
    sentence: a template, as `audit.vocabulary.sentence` reads it
    detail_keys: what `details` usually carries; anything else may be there too
    personal_details: top-level keys of `details` that name or trace a person, whether or not
        they are usual for the type
    is_known: False where the catalogue doesn't have the code and the label is made from it
    """

    code: str
    group: str
    label: str
    sentence: str
    detail_keys: tuple[str, ...] = ()
    personal_details: frozenset[str] = frozenset()
    is_known: bool = True


def is_product_type(code: str) -> bool:
    """Is the code one of the product's own, which no sender may use?"""
    return code[: len(PRODUCT_PREFIX)].upper() == PRODUCT_PREFIX

"""Recognizes members that stand beside their name: `{"name": "Authorization", "value": "…"}`.

Header lists, form fields and the changes of an event are written so.
"""

from __future__ import annotations

from .names import joined_words

NAMING = frozenset(
    ("name", "key", "field", "header", "headername", "param", "parameter", "property", "attribute")
)
VALUES = frozenset(
    (
        *("value", "values", "val", "old", "new", "oldvalue", "newvalue", "before", "after"),
        *("from", "to", "previous", "current", "default", "defaultvalue", "content", "text"),
    )
)


def is_naming(member: str) -> bool:
    """Does this member say what the value beside it is called?"""
    return len(member) <= 20 and joined_words(member) in NAMING


def is_value(member: str) -> bool:
    """Does this member hold what a member beside it names?"""
    return len(member) <= 20 and joined_words(member) in VALUES

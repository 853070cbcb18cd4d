"""Fits values to members of an event; what doesn't fit is kept where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.conf import audit_settings

CUT = "…"


def as_id(value: Any) -> str | None:
    """Return an id as text; None for what is empty, too long, or no text and no whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or "\0" in value:
        return None
    return value if 0 < len(value) <= audit_settings().MAX_ID_CHARACTERS else None


def as_name(value: Any) -> str | None:
    """Return a name, cut where it is longer than one may be: the whole of it stays in details."""
    if not isinstance(value, str) or not value or "\0" in value:
        return None
    most = audit_settings().MAX_NAME_CHARACTERS
    return value if len(value) <= most else value[: most - len(CUT)] + CUT


def as_ids(value: Any) -> Iterator[str]:
    """Yield the ids of a list, or of one id that stands alone."""
    for each in value if isinstance(value, list) else (value,):
        found = as_id(each)
        if found is not None:
            yield found


def as_members(value: Any) -> Mapping[str, Any]:
    """Return an object's members; of anything else, none."""
    return value if isinstance(value, dict) else {}


def is_empty(value: Any) -> bool:
    """Is this a way of saying nothing? Lowcoder writes "" as often as null."""
    return value is None or value == ""

"""Finds what was changed: pairs of keys in `details` that tell an old value and a new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.record.submitted import Change

from .fitting import is_empty

OLD = "old"
NEW = "new"
# A folder's old name alone is not called oldName.
FROM_NAME = "fromName"
NOTHING_BEFORE = ("_VIEW", "_CREATE")


def changes_of(code: str, details: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return a change for each `oldX` with `X` or `newX`, and for `fromName` with `name`.

    Lowcoder sends pairs of what did not change too: a change is where the two differ.
    """
    return tuple(change for change in _pairs(details) if _is_change(code, change))


def _pairs(details: Mapping[str, Any]) -> Iterator[Change]:
    for key, old in details.items():
        if key == FROM_NAME:
            yield Change(field="name", old=old, new=details.get("name"))
        elif key.startswith(OLD) and key[len(OLD) :][:1].isupper():
            rest = key[len(OLD) :]
            field = rest[0].lower() + rest[1:]
            new = details.get(NEW + rest, details.get(field))
            yield Change(field=field, old=old, new=new)


def _is_change(code: str, change: Change) -> bool:
    if is_empty(change.old) and (is_empty(change.new) or code.endswith(NOTHING_BEFORE)):
        return False
    return change.old is not None and change.old != change.new

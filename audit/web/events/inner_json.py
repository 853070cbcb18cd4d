"""Reads JSON inside a text: many senders put a whole document into one."""

from __future__ import annotations

import json
from typing import Any

import msgspec

MAX_CHARACTERS = 256 * 2**10
MAX_NESTING = 64


class _Unfit(ValueError):
    """JSON that would not be shown as it was sent."""


def inner_json(text: str) -> dict[str, Any] | list[Any] | None:
    """Return the object or list that the text is, None where it is none.

    Numbers keep their digits (`msgspec.Raw`). None, too, for what would lose something: an object
    with a member twice, NaN.
    """
    stripped = text.strip()
    if not stripped.startswith(("{", "[")) or len(text) > MAX_CHARACTERS:
        return None
    try:
        value = _decode(stripped)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) and not _is_deep(value) else None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unfit
    return found


def _digits(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def _refused(word: str) -> Any:
    raise _Unfit


_decode = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_float=_digits,
    parse_int=_digits,
    parse_constant=_refused,
).decode


def _is_deep(value: Any) -> bool:
    level = [value]
    for _depth in range(MAX_NESTING):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True

"""Presents the details of an event as a tree, a line a member."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from audit.web.parts.text import visible, visible_json

from .differences import mark_whole
from .inner_json import inner_json

MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One line of the tree of details. depth: 0 at its root, MAX_DEPTH at most; value: None for
    a member that holds others; as_json: of a text that is JSON, the same in its lines, else ""
    """

    depth: int
    name: str
    value: SafeString | None
    as_json: str = ""


def tree(value: Any) -> Iterator[Leaf]:
    """Yield the lines of a JSON object or list, members before what they hold."""
    waiting = [(0, name, member) for name, member in _members(value)][::-1]
    while waiting:
        depth, name, member = waiting.pop()
        inner = list(_members(member))
        yield Leaf(
            depth=min(depth, MAX_DEPTH),
            name=visible(name),
            value=None if inner else mark_whole(member, ""),
            as_json=_as_json(member),
        )
        waiting += [(depth + 1, key, each) for key, each in inner][::-1]


def _as_json(value: Any) -> str:
    found = inner_json(value) if isinstance(value, str) else None
    return visible_json(found) if found is not None else ""


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(name), member) for name, member in value.items()]
    if isinstance(value, list | tuple):
        return [(str(index), member) for index, member in enumerate(value)]
    return ()

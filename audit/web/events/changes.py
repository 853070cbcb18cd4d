"""Compares old and new values: words of a text, members of a structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from django.utils.safestring import SafeString

from audit.vocabulary.document import FieldChange
from audit.web.parts.text import visible

from .alignment import Block, Effort, align
from .differences import exact_json, mark_values, mark_whole
from .inner_json import inner_json

MAX_LINES = 200
# By these members one tells the things of a list from each other, the first that there is.
_IDENTITIES = ("id", "gid", "key", "name")
_MISSING: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One member of a structure that changed; old, new: HTML, None where it isn't there.

    path: "columns[2].name", of the innermost member that differs; places in a list are those of
        the new one, of what was removed those of the old one
    """

    kind: Literal["added", "removed", "changed", "more"]
    path: str
    old: SafeString | None
    new: SafeString | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """lines: of two structures, what differs; else empty, and old and new tell it.
    as_json: what differs in texts that hold JSON, if they do
    """

    field: str
    old: SafeString
    new: SafeString
    lines: tuple[TextLine, ...] = ()
    as_json: tuple[TextLine, ...] = ()

    @property
    def is_in_lines(self) -> bool:
        """Both read better below each other than in a row."""
        return "\n" in self.old or "\n" in self.new


def changes_of(given: Iterable[FieldChange]) -> tuple[ShownChange, ...]:
    effort = Effort()
    return tuple(_change(visible(each.field), each.old, each.new, effort) for each in given)


def _change(field: str, old: Any, new: Any, effort: Effort) -> ShownChange:
    if _is_structure(old) and _is_structure(new):
        lines = tuple(_limited(_differences("", old, new, effort)))
        if lines:
            return ShownChange(field=field, old=SafeString(), new=SafeString(), lines=lines)
    marked_old, marked_new = mark_values(old, new, effort)
    return ShownChange(
        field=field, old=marked_old, new=marked_new, as_json=_inner_lines(old, new, effort)
    )


def _inner_lines(old: Any, new: Any, effort: Effort) -> tuple[TextLine, ...]:
    """What differs in two texts that hold JSON; an empty one holds nothing."""
    a, b = (inner_json(value) if isinstance(value, str) else None for value in (old, new))
    if a is None and not old:
        a = type(b)() if b is not None else None
    if b is None and not new:
        b = type(a)() if a is not None else None
    if a is None or b is None:
        return ()
    return tuple(_limited(_differences("", a, b, effort)))


def _differences(path: str, old: Any, new: Any, effort: Effort) -> Iterator[TextLine]:
    if old is _MISSING:
        yield TextLine(kind="added", path=visible(path), old=None, new=mark_whole(new, "ins"))
    elif new is _MISSING:
        yield TextLine(kind="removed", path=visible(path), old=mark_whole(old, "del"), new=None)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(inner, old.get(key, _MISSING), new.get(key, _MISSING), effort)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        yield from _of_lists(path, old, new, effort)
    elif exact_json(old) != exact_json(new):
        marked_old, marked_new = mark_values(old, new, effort)
        yield TextLine(kind="changed", path=visible(path), old=marked_old, new=marked_new)


def _of_lists(
    path: str, old: Sequence[Any], new: Sequence[Any], effort: Effort
) -> Iterator[TextLine]:
    keys = [exact_json(each) for each in old], [exact_json(each) for each in new]
    for block in align(*keys, effort):
        if not block.is_same:
            for a, b in _paired(old, new, block):
                yield from _differences(
                    f"{path}[{a if b is None else b}]",
                    _MISSING if a is None else old[a],
                    _MISSING if b is None else new[b],
                    effort,
                )


def _paired(
    old: Sequence[Any], new: Sequence[Any], block: Block
) -> Iterator[tuple[int | None, int | None]]:
    """Yield the places of what became what in a block: things by their identity, others by place.

    None: it was removed, or added.
    """
    left, right = range(block.old_from, block.old_to), range(block.new_from, block.new_to)
    wanted = {identity: b for b in right if (identity := _identity(new[b])) is not None}
    partner = {
        a: wanted.pop(identity)
        for a in left
        if (identity := _identity(old[a])) is not None and identity in wanted
    }
    taken = frozenset(partner.values())
    # What has an identity that the other side doesn't know became nothing else.
    nameless = (
        (a for a in left if _identity(old[a]) is None),
        (b for b in right if _identity(new[b]) is None),
    )
    by_place = {a: b for a, b in zip_longest(*nameless) if a is not None and b is not None}
    met = frozenset(by_place.values())
    for a in left:
        yield a, partner.get(a, by_place.get(a))
    for b in right:
        if b not in taken and b not in met:
            yield None, b


def _identity(value: Any) -> tuple[str, bytes] | None:
    if isinstance(value, Mapping):
        for name in _IDENTITIES:
            if isinstance(value.get(name), str | int):
                return name, exact_json(value[name])
    return None


def _limited(lines: Iterator[TextLine]) -> Iterator[TextLine]:
    for number, line in enumerate(lines):
        if number == MAX_LINES:
            yield TextLine(kind="more", path="…", old=None, new=None)
            return
        yield line


def _is_structure(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)

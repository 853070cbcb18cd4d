"""What exactly changed: which words of a text, which members of a structure?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .text import visible, words_of

# Beyond this the texts are shown side by side: comparing takes time that grows with the square.
MAX_WORDS = 1_500
MAX_LINES = 200
# Texts with less in common than this read better apart than word by word.
LEAST_ALIKE = 0.3
# "über-all 3.5" → "über", "-", "all", " ", "3", ".", "5"
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MISSING: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member of a structure that changed; old, new: None where it isn't there.

    path: "columns[2].name", of the innermost member that differs
    """

    kind: Literal["added", "removed", "changed", "more"]
    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """lines: of two structures, what differs; else empty, and old and new tell it."""

    field: str
    old: SafeString
    new: SafeString
    lines: tuple[Line, ...] = ()


def changes_of(given: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """given: the changes of an event, each with `field`, `old` and `new`."""
    return tuple(
        _change(visible(str(each.get("field", ""))), each.get("old"), each.get("new"))
        for each in given
    )


def _change(field: str, old: Any, new: Any) -> Change:
    if _is_structure(old) and _is_structure(new):
        lines = tuple(_limited(_differences("", old, new)))
        if lines:
            return Change(field=field, old=SafeString(), new=SafeString(), lines=lines)
    if isinstance(old, str) and isinstance(new, str):
        marked_old, marked_new = mark_words(visible(old), visible(new))
        return Change(field=field, old=marked_old, new=marked_new)
    return Change(field=field, old=_whole(old, "del"), new=_whole(new, "ins"))


def mark_words(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts as HTML, with what is only in one of them in `del` and `ins`."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    if len(a) > MAX_WORDS or len(b) > MAX_WORDS:
        return _whole(old, "del"), _whole(new, "ins")
    matcher = SequenceMatcher(a=a, b=b, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return _whole(old, "del"), _whole(new, "ins")
    left, right = [], []
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        tag_a, tag_b = ("", "") if kind == "equal" else ("del", "ins")
        left.append(_marked("".join(a[a_from:a_to]), tag_a))
        right.append(_marked("".join(b[b_from:b_to]), tag_b))
    return _bdi(left), _bdi(right)


def _differences(path: str, old: Any, new: Any) -> Iterator[Line]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(inner, old.get(key, _MISSING), new.get(key, _MISSING))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index, (a, b) in enumerate(zip_longest(old, new, fillvalue=_MISSING)):
            yield from _differences(f"{path}[{index}]", a, b)
    elif old is _MISSING:
        yield Line(kind="added", path=visible(path), old=None, new=words_of(new))
    elif new is _MISSING:
        yield Line(kind="removed", path=visible(path), old=words_of(old), new=None)
    elif words_of(old) != words_of(new):
        yield Line(kind="changed", path=visible(path), old=words_of(old), new=words_of(new))


def _limited(lines: Iterator[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        if number == MAX_LINES:
            yield Line(kind="more", path="…", old=None, new=None)
            return
        yield line


def _is_structure(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _whole(value: Any, tag: str) -> SafeString:
    """An absent value is a dash, which was neither taken away nor added."""
    return _bdi([_marked(words_of(value), tag if value is not None else "")])


def _marked(text: str, tag: str) -> SafeString:
    if not text:
        return SafeString()
    if tag == "del":
        return format_html("<del>{}</del>", text)
    return format_html("<ins>{}</ins>", text) if tag else format_html("{}", text)


def _bdi(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe(f"<bdi>{''.join(parts)}</bdi>")  # noqa: S308 (each part is escaped above)

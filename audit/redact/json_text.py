"""Masks JSON as a text, without decoding it as a whole.

For what could not be decoded, and for JSON inside of a string: every byte but the secrets stays
as it was sent, and a document that is cut off or has an error in it is masked as far as it goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .identifiers import is_identifier
from .names import SecretKind, SecretNames
from .pairs import is_naming, is_value
from .shapes import MASK

# A string as a whole or cut off, a bracket, or a bare word: "a\"[b", {, 12.5, null
_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
_SAYS_NOTHING = frozenset(("true", "false", "null", '""'))
_QUOTED_MASK = f'"{MASK}"'


@dataclass(slots=True)
class _Frame:
    """An object or list that is open.

    secret: what it stands under, where that is the name of a secret
    name: of the member whose value comes next; None where a name comes next
    beside: what the value is that one member names, or the first of the two items of a list
    values: what that would mask, as ranges of leaves; items: how many a list has
    """

    is_object: bool
    secret: SecretKind | None = None
    name: str | None = None
    beside: SecretKind | None = None
    values: list[tuple[int, int]] = field(default_factory=list)
    first_leaf: int = 0
    items: int = 0


class _Document:
    """One pass over one text. Missing commas and colons don't matter."""

    def __init__(self, names: SecretNames, mask_string: Callable[[str], str]) -> None:
        self._names = names
        self._mask_string = mask_string
        self._pieces: list[str] = []
        self._leaves: list[int] = []
        self._open: list[_Frame] = [_Frame(is_object=False)]

    def mask(self, text: str) -> str:
        done = 0
        for mark in _MARK.finditer(text):
            if done < mark.start():
                self._pieces.append(text[done : mark.start()])
            done = mark.end()
            self._take(mark[0])
        self._pieces.append(text[done:])
        while len(self._open) > 1:
            self._close()
        return "".join(self._pieces)

    def _take(self, mark: str) -> None:
        frame = self._open[-1]
        if mark in ("{", "["):
            secret = self._kind(frame) or frame.secret
            if secret is not None and mark == "{" and not secret.containers:
                secret = None
            self._pieces.append(mark)
            self._open.append(
                _Frame(is_object=mark == "{", secret=secret, first_leaf=len(self._leaves))
            )
        elif mark in ("}", "]"):
            self._pieces.append(mark)
            if len(self._open) > 1:
                self._close()
        elif mark in (":", ","):
            self._pieces.append(mark)
            if mark == "," and frame.is_object:
                frame.name = None
        elif frame.is_object and frame.name is None:
            frame.name = _decoded(mark)
            self._pieces.append(mark)
        else:
            self._take_leaf(mark, frame)

    def _take_leaf(self, mark: str, frame: _Frame) -> None:
        kind = self._kind(frame) or frame.secret
        first = len(self._leaves)
        self._leaves.append(len(self._pieces))
        if kind is not None:
            self._pieces.append(_blank(mark, kind))
        elif mark.startswith('"'):
            self._pieces.append(self._masked(mark))
        else:
            self._pieces.append(mark)
        if mark.startswith('"') and self._may_name(frame):
            frame.beside = frame.beside or self._names.kind_of(_decoded(mark))
        self._value_ends(frame, first)

    def _may_name(self, frame: _Frame) -> bool:
        """Could this be the "Cookie" of {"name": "Cookie", …}, or of [["Cookie", …], …]?"""
        if frame.is_object:
            return frame.name is not None and is_naming(frame.name)
        return frame.items == 0 and len(self._open) > 1 and not self._open[-2].is_object

    def _close(self) -> None:
        """Mask the values that a closing object has named, before or after them."""
        closed = self._open.pop()
        if closed.beside is not None and (closed.is_object or closed.items == 2):
            for start, end in closed.values:
                for place in self._leaves[start:end]:
                    self._pieces[place] = _blank(self._pieces[place], closed.beside)
        self._value_ends(self._open[-1], closed.first_leaf)

    def _value_ends(self, frame: _Frame, first_leaf: int) -> None:
        is_named = is_value(frame.name or "") if frame.is_object else frame.items == 1
        if is_named:
            frame.values.append((first_leaf, len(self._leaves)))
        frame.items += 1
        frame.name = None

    def _kind(self, frame: _Frame) -> SecretKind | None:
        return self._names.kind_of(frame.name) if frame.name is not None else None

    def _masked(self, mark: str) -> str:
        text = _decoded(mark)
        masked = self._mask_string(text)
        return mark if masked == text else _encoded(masked)


def mask_json_text(text: str, *, names: SecretNames, mask_string: Callable[[str], str]) -> str:
    """Return a text that is JSON, or nearly, with its secrets masked.

    mask_string: what becomes of a string that stands under no secret's name
    """
    return _Document(names, mask_string).mask(text)


def _blank(mark: str, kind: SecretKind) -> str:
    if mark in _SAYS_NOTHING or (not kind.numbers and not mark.startswith('"')):
        return mark
    if mark.startswith('"') and is_identifier(_decoded(mark), kind):
        return mark
    return _QUOTED_MASK


def _decoded(mark: str) -> str:
    try:
        value = json.loads(mark, strict=False)
    except ValueError:
        value = None
    return value if isinstance(value, str) else mark.strip("\"'")


def _encoded(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(text)
    return json.dumps(text, ensure_ascii=False)

"""Reads the JSON text of one event exactly: nothing is lost, or it says what would be.

msgspec is fast but lets things pass that would lose data: duplicate keys (the last one wins) and
numbers that no double holds. So decimals are kept as their own digits, and an event's text is
compared in length with what was understood of it, written again: where they differ something was
lost (or was written longer than it need be), and the event is read again, slowly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Raw

T = TypeVar("T")
INTEGERS = range(-(2**63), 2**64)
SHOWN_CHARACTERS = 40


class InvalidValue(ValueError):
    """An event holds a value that none may."""


def decoder_of(kind: Any) -> Callable[[bytes], Any]:
    """Return what decodes JSON to a type, so that nothing that it keeps is changed; for
    `read_exactly`.
    """
    return msgspec.json.Decoder(kind, float_hook=_decimal).decode


def read_exactly(raw: bytes, decode: Callable[[bytes], T]) -> T | None:
    """Return what is decoded of a JSON text, or None where it may not be all that the text holds
    (or no such thing). decode: of `decoder_of`, for a type that leaves out defaults.

    A decimal is a `msgspec.Raw` that holds its own digits.
    """
    if raw.translate(_DIGITS).find(_LONG) >= 0 and _LONG_INTEGER.search(raw):
        return None
    if b"\\u0000" in raw:
        return None
    try:
        read = decode(raw)
        written = len(_encode(read))
    except (msgspec.MsgspecError, UnicodeError, ValueError, OverflowError):
        return None
    if written == len(raw):
        return read
    short = _minify(raw, indent=-1)
    if written == len(short):
        return read
    if b"\\" in short and written == len(_STRING.sub(_rewritten, short)):
        return read
    return None


def read_slowly(raw: bytes) -> Any:
    """Return the value of a JSON text, read with every rule: no key twice, no number out of
    range, no half of a surrogate pair, no U+0000. Raises InvalidValue that says which is broken.
    """
    document = json.loads(
        raw.decode(),
        object_pairs_hook=_pairs,
        parse_float=_decimal,
        parse_int=_integer,
        parse_constant=_no_constant,
    )
    if b"\\u" in raw:
        for text in _texts(document):
            if "\0" in text:
                raise InvalidValue("A text holds U+0000, which can't be kept")
            if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
                raise InvalidValue("A text holds half of a surrogate pair, which is no character")
    return document


def is_deeper(raw: bytes, levels: int) -> bool:
    """Are brackets nested deeper than this? Told without making anything of the text."""
    if raw.count(b"{") + raw.count(b"[") <= levels:
        return False
    brackets = _STRING.sub(b"", raw).translate(_ONE_KIND, _NO_BRACKETS)
    depth = 0
    for step in range(0, len(brackets), _STEP):
        piece = brackets[step : step + _STEP]
        opening = piece.count(b"[")
        if depth + opening > levels:
            at = depth
            for mark in piece:
                at += 1 if mark == _OPENING else -1
                if at > levels:
                    return True
        depth += 2 * opening - len(piece)
    return False


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InvalidValue(f"The member {key[:100]!r} is there twice")
            seen.add(key)
    return members


def _decimal(digits: str) -> Raw:
    """Keep a decimal's own digits."""
    if float(digits) in (float("inf"), float("-inf")):
        raise InvalidValue(f"The number {_cut(digits)} is beyond what a double holds")
    return Raw(digits)


def _integer(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in INTEGERS:
        raise InvalidValue(f"The number {_cut(digits)} is outside of −2^63 to 2^64−1")
    return int(digits)


def _cut(digits: str) -> str:
    return digits if len(digits) <= SHOWN_CHARACTERS else f"{digits[:SHOWN_CHARACTERS]}…"


def _no_constant(name: str) -> NoReturn:
    raise InvalidValue(f"{name} is no JSON")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _rewritten(match: re.Match[bytes]) -> bytes:
    return _shortest(match[0]) if b"\\" in match[0] else match[0]


@lru_cache(maxsize=4_096)
def _shortest(text: bytes) -> bytes:
    r"""Write a JSON text as we do: "\u0041\/" → "A/"."""
    try:
        return _encode(decode_any(text))
    except msgspec.MsgspecError:
        return text


decode_any = decoder_of(Any)
_encode = msgspec.json.Encoder().encode
_minify = msgspec.json.format
# An integer that may be out of range: 18446744073709551616. Nineteen digits in a row are looked for
# first, which costs a twentieth of the pattern.
_LONG_INTEGER = re.compile(rb"[:,\[\s]-?[0-9]{19}")
_DIGITS = bytes(ord("0") if chr(c) in "0123456789" else ord(" ") for c in range(256))
_LONG = b"0" * 19
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_OPENING = ord("[")
_STEP = 16

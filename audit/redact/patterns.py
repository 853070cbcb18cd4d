"""Checks a host's own regular expressions, and finds a literal that any match must contain.

The check looks for what can take exponential time on a text that a sender chooses. It reads the
expression as the standard library parses it; what it can't see through it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
# One of these has decided once and for all: it can't be tried in another way.
_DECIDED = ("ATOMIC_GROUP", "POSSESSIVE_REPEAT")
FEW = 10
MIN_LITERAL_CHARACTERS = 3
_WRITTEN_ALIKE = frozenset("-_.:=+@")
SECRET_GROUP = "secret"  # noqa: S105  # the name of a group


def problem_of_pattern(text: str) -> str | None:
    """Return what is wrong with an expression, as the rest of a sentence, or None."""
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    if pattern.match("") is not None:
        return "matches the empty text, so it would match everywhere"
    parsed = _parser.parse(text)
    if _repeats_a_repeat(parsed, inside=False):
        return (
            "has a repeat within a repeat, which can take for ever on a text made for it;"
            " make the inner one possessive, as in (?:[a-z]++-)*"
        )
    if _repeats_a_choice(parsed):
        return (
            "repeats a choice whose alternatives can begin alike, which can take for ever on a"
            " text made for it; make the repeat possessive, as in (?:a|ab)*+"
        )
    if any(name.startswith("GROUPREF") for name in _operations(parsed)):
        return "refers back to a group, which can take for ever on a text made for it"
    return None


def required_literal(text: str) -> str | None:
    """Return the longest text that whatever matches must hold as it is, or None.

    Only of letters, digits and a few marks: those are written the same in JSON, escaped or not.
    """
    if re.compile(text).flags & re.IGNORECASE:
        return None
    longest = current = ""
    for name, argument in _named(_parser.parse(text)):
        character = chr(argument) if name == "LITERAL" else ""
        is_plain = character.isascii() and (character.isalnum() or character in _WRITTEN_ALIKE)
        current = current + character if is_plain else ""
        longest = max(longest, current, key=len)
    return longest if len(longest) >= MIN_LITERAL_CHARACTERS else None


def _named(parsed: Sequence[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for operation, argument in parsed:
        yield str(operation), argument


def _parts(argument: Any) -> Iterator[Any]:
    """Yield the expressions inside of an operation's argument."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for item in argument:
            yield from _parts(item)


def _operations(parsed: Any) -> Iterator[str]:
    for name, argument in _named(parsed):
        yield name
        for part in _parts(argument):
            yield from _operations(part)


def _repeats_a_repeat(parsed: Any, *, inside: bool) -> bool:
    for name, argument in _named(parsed):
        if name in _DECIDED:
            continue
        many = name in _REPEATS and argument[1] > FEW
        varies = name in _REPEATS and argument[0] != argument[1]
        if inside and many and varies:
            return True
        if any(_repeats_a_repeat(part, inside=inside or many) for part in _parts(argument)):
            return True
    return False


def _repeats_a_choice(parsed: Any, *, inside: bool = False) -> bool:
    for name, argument in _named(parsed):
        if name in _DECIDED:
            continue
        if inside and name == "BRANCH" and _begin_alike(argument[1]):
            return True
        many = name in _REPEATS and argument[1] > FEW
        if any(_repeats_a_choice(part, inside=inside or many) for part in _parts(argument)):
            return True
    return False


def _begin_alike(alternatives: Sequence[Any]) -> bool:
    """Could two alternatives begin with the same character? Only literals are compared."""
    firsts: list[object] = []
    for alternative in alternatives:
        first = next(iter(_named(alternative)), None)
        if first is None or first[0] != "LITERAL" or first[1] in firsts:
            return True
        firsts.append(first[1])
    return False

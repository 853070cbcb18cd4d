"""Reads the parameters that are no filters."""

from __future__ import annotations

from django.http import QueryDict

from audit.errors import BadParameter
from audit.query.search.parameters import MAX_TEXT_CHARACTERS


def parse_number(params: QueryDict, name: str, *, default: int, highest: int) -> int:
    """Return a number from 1 to `highest`. Raises BadParameter."""
    text = params.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= highest):
        raise BadParameter(name, f"{name} {text[:64]!r} is not a number from 1 to {highest:,}.")
    return int(text)


def parse_text(params: QueryDict, name: str) -> str:
    """Return a text that may be empty. Raises BadParameter."""
    text = params.get(name) or ""
    if len(text) > MAX_TEXT_CHARACTERS or "\0" in text:
        raise BadParameter(
            name, f"{name} has more than {MAX_TEXT_CHARACTERS} characters, or U+0000."
        )
    return text

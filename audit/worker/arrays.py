"""Writes lists of numbers as SQL has them, where a row holds a list of its own."""

from __future__ import annotations

from collections.abc import Iterable


def array_text(numbers: Iterable[int]) -> str:
    """Return numbers as an array is written in SQL: `{1,2}`."""
    return f"{{{','.join(map(str, numbers))}}}"

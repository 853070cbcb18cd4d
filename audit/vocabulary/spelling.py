"""Which word was probably meant?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MAX_WORD = 64


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that looks most like the word, or None if none comes near."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(word[:_MAX_WORD].casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None

"""Finds the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MAX_WORD = 64


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that looks most like the word, or None if none comes near."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(word[:_MAX_WORD].casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Return the sentence about a word that is not one of a closed set: the nearest, or all.

    `Unknown environment 'pord'; did you mean 'prod'?`
    """
    known = tuple(known)
    like = nearest(word, known)
    if like is not None:
        hint = f"; did you mean {like!r}?"
    else:
        hint = f"; it is one of {', '.join(known)}." if known else "."
    return f"Unknown {what} {word[:_MAX_WORD]!r}{hint}"

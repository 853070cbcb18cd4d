"""Folds texts for searches: letters in any case, with accents or without, are the same."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

MAX_WORDS = 16
MAX_WORD_CHARACTERS = 40
_KEPT = 20_000
_PART_OF_WORDS = frozenset("LNM")  # letters, numbers, and the marks that a letter can't do without


def one_form(text: str) -> str:
    """Return the text with each letter and its marks as one character, where there is such (NFC).

    "Zoë" is sent in two ways that look alike.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> str:
    """Return the text as it is searched by: without case, accents and other forms of a letter.

    Marks that stand for a sound of their own (vowels of Hindi, say) stay.
    """
    if text.isascii():
        return text.lower()
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))


@lru_cache(maxsize=_KEPT)
def search_words(text: str) -> tuple[str, ...]:
    """Return the different words of a text, folded, in order: MAX_WORDS at most, each cut after
    MAX_WORD_CHARACTERS. Whatever is neither letter nor number parts them: "Orders-v2 (old)".
    """
    parted = "".join(
        letter if unicodedata.category(letter)[0] in _PART_OF_WORDS else " "
        for letter in fold(text)
    )
    words = dict.fromkeys(word[:MAX_WORD_CHARACTERS] for word in parted.split())
    return tuple(words)[:MAX_WORDS]

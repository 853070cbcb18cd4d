"""Rules out texts that hold no secret at all, so that only few events are walked.

It may let a text through in vain, and never rules out one that a rule would mask: for each rule it
has a literal that every match contains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from ahocorasick_rs import BytesAhoCorasick, Implementation

from .commands import OPTIONS
from .names import AFTER, CODE, ENDINGS, QUERY, SEPARATORS, SESSION_COOKIES, WHOLE, spellings
from .shapes import PREFIXES

# What a name runs into where it ends: a quote, an escaped quote, = and %3D, : of a header.
_ENDS = ('"', "\\", "'", "=", "%3d", ":", "]", ">", "0", "1", "2")
# What stands before a parameter's name.
_BEFORE = ("?", "&", "%3f", "%26", '"')
# Of names whose accents can be written in several ways, what has none.
_WITHIN_ACCENTED = ("contrase", "senord")
# Of commands and statements that are given a password without naming it so (commands.py).
_SAID_OTHERWISE = ("identifiedby", "identifiedwith", "sshpass", "rediscli")
_LOWER = bytes(range(256)).lower()
_SEPARATORS = SEPARATORS.encode()
# A letter that is written as an escape, in a JSON text within a text
_ESCAPE = b"\\u00"
# postgres://ann:secret@, also in JSON in JSON whose writer escapes the solidus
_USERINFO = re.compile(rb":\\*/\\*/[^\s/?#@:\"'\\]*:[^\s/?#\"']+@")


class Screen:
    """What to look for in one environment.

    names: joined, looked for in any spelling; literals: as they are
    """

    def __init__(self, *, names: Iterable[str] = (), literals: Iterable[str] = ()) -> None:
        words = {*ENDINGS, *SESSION_COOKIES, *_WITHIN_ACCENTED, *_SAID_OTHERWISE}
        words |= {"basic", "%3a%2f%2f"}
        words |= {before + CODE + end for before in _BEFORE for end in ("=", "%3d")}
        for name in names:
            for word in spellings(name):
                words |= {word, word.upper(), word.title()}  # of letters beyond ASCII too
        short = {name + end for name in (*WHOLE, *QUERY) for end in _ENDS}
        short |= {name + after for name in WHOLE for after in AFTER}
        self._names = _automaton(word.encode() for word in words | short)
        exact = {"-----BEGIN", "eyJ", "sk-", *PREFIXES, *OPTIONS, *literals}
        self._exact = _automaton((*(literal.encode() for literal in exact), _ESCAPE))

    def may_hold_secret(self, text: bytes) -> bool:
        """Is a closer look needed? text: UTF-8, JSON or not."""
        if self._names_secret(text) or (
            b"%" in text and self._names_secret(unquote_to_bytes(text))
        ):
            return True
        if self._exact.find_matches_as_indexes(text):
            return True
        # The pattern goes from colon to colon; most texts have none of the two that it begins with.
        may_be_address = b"@" in text and (b":/" in text or b":\\" in text)
        return may_be_address and _USERINFO.search(text) is not None

    def _names_secret(self, text: bytes) -> bool:
        return bool(self._names.find_matches_as_indexes(text.translate(_LOWER, _SEPARATORS)))


def _automaton(words: Iterable[bytes]) -> BytesAhoCorasick:
    """A deterministic one: more memory (some 100 kB), half the time."""
    return BytesAhoCorasick(sorted(words), implementation=Implementation.DFA)

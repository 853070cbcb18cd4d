"""Makes harmless what a spreadsheet would run as a formula."""

from __future__ import annotations

import re

# What makes a formula of a cell (OWASP, "CSV Injection"), and all that is the same to NFKC: small,
# superscript, subscript and full-width forms.
_MARK = "=+\\-@﹦﹢﹣﹫＝＋－＠⁼⁺⁻₌₊₋﬩"
# What nobody sees, and what one program strips that another keeps: white space, controls, format
# characters (U+FEFF, U+200B, U+202E, …) and the others that Unicode calls "default ignorable".
_UNSEEN = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A reader that doesn't know of quotes, or takes one pair too many away, finds what is behind them.
_QUOTES = "\"'`´«»‘’‚‛“”„‟‹›＂＇"
# =1+1 · \ufeff=1 · " @SUM(A1) · '=1 · ＝1 · \tx
_FORMULA = re.compile(rf"[{_UNSEEN}{_QUOTES}]*[{_MARK}]|[{_QUOTES}]*[\t\r\n]")


def harmless(text: str) -> str:
    """Return the text, with an apostrophe before it where a spreadsheet would run it.

    Whoever takes one apostrophe away where the rest would be run has the text again: what begins
    with one and would be run gets another.
    """
    # Nearly all begin with a letter or a digit, and this is asked for millions.
    first = text[:1]
    if (first.isascii() and first.isalnum()) or not _FORMULA.match(text):
        return text
    return "'" + text

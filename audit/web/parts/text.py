"""Makes numbers, and texts that anybody could have sent, fit to be shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

ABSENT = "–"
ELLIPSIS = "…"
THIN = "\u202f"  # narrow no-break space

# Letters that draw nothing (fillers, a joiner without letters): names could differ by them unseen.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_JOINERS = "\u200c\u200d"
_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    f"\ud800-\uf8ff\ufeff\ufff0-\ufffb\ufffe\uffff{_BLANK}\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U0010ffff]"
)
_SUSPECT_IN_LINES = re.compile(f"(?![\t\n]){_SUSPECT.pattern}")
# What JSON may hold as it is, and a screen would not show.
_SUSPECT_IN_JSON = re.compile(f"(?![\n]){_SUSPECT.pattern}")


def visible(text: str) -> str:
    """Return the text with every character that draws nothing, or turns the line, written out.

    `"a\\u202eb"` → `"a⟨U+202E⟩b"`. Joiners stay between two letters or symbols beyond ASCII, where
    scripts and emoji need them ("👩‍🚀", "می‌خواهم"). The result is text: it is still to be escaped.
    """
    return _SUSPECT.sub(_mark, text)


def visible_lines(text: str) -> str:
    """The same, but line feeds and tabs stay, for where lines are drawn (`pre-wrap`)."""
    return _SUSPECT_IN_LINES.sub(_mark, text)


def shorten(text: str, *, max_length: int) -> str:
    """Return at most max_length characters of what `visible` makes of the text."""
    # No character becomes shorter by being written out, so the rest can't matter.
    shown = visible(text[: max_length + 1])
    return shown if len(shown) <= max_length else shown[: max_length - 1] + ELLIPSIS


def thin(number: int) -> str:
    """Return the number with a narrow space between thousands."""
    return f"{number:,}".replace(",", THIN)


def count_text(count: int, *, is_capped: bool) -> str:
    """ "10 000+" where there may be more."""
    return f"{thin(count)}+" if is_capped else thin(count)


def words_of(value: Any) -> str:
    """Return a JSON value as a person reads it: texts bare, an absent value as a dash."""
    match value:
        case None:
            return ABSENT
        case str():
            return visible(value)
        case _:
            return visible_json(value, indent=0)


def visible_json(value: Any, *, indent: int = 2) -> str:
    """Return the value as JSON that means the same, with unseen characters as escapes.

    value: as `audit.query` gives it, decimals with their own digits; indent: 0 for one line
    """
    text = msgspec.json.format(msgspec.json.encode(value), indent=indent).decode()
    return _SUSPECT_IN_JSON.sub(_escape, text)


def _mark(match: re.Match[str]) -> str:
    character = match.group()
    if character in _JOINERS and _joins(match.string, match.start()):
        return character
    return f"⟨U+{ord(character):04X}⟩"


def _joins(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and all(
        not near.isascii() and unicodedata.category(near)[0] in "LMS"
        for near in (text[at - 1], text[at + 1])
    )


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _JOINERS and _joins(match.string, match.start()):
        return character
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"

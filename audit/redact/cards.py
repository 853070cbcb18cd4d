"""Recognizes payment card numbers by issuer, length, check digit and spelling.

A check digit alone fits a tenth of all numbers, ids and times among them. So a number counts only
where it is written in groups as on a card, or where its member is named like a card's number.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .names import name_words
from .shapes import MASK

# Issuer's first digits → lengths (ISO/IEC 7812-1)
_ISSUERS = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"6011|65|64[4-9]"), (16, 17, 18, 19)),  # Discover
    (re.compile(r"3(?:0[0-5]|[68])"), (14, 16, 19)),  # Diners Club
    (re.compile(r"35(?:2[89]|[3-8])"), (16, 17, 18, 19)),  # JCB
    (re.compile(r"62"), (16, 17, 18, 19)),  # UnionPay
)
# 4111 1111 1111 1111, 3782-822463-10005
_GROUPED = re.compile(
    r"(?<![\w-])(?:[2-6]\d{3}(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{4}(?:(?P=s)\d{3})?"
    r"|3\d{3}(?P<t>[ -])\d{6}(?P=t)\d{4,5})(?![\w-])"
)
# cardNumber=4111111111111111, "pan": "4111 1111 1111 1111", card%3D4111…
_NAMED = re.compile(
    r"(?P<name>(?<![A-Za-z])(?:pan|cc)|card)(?P<rest>[A-Za-z_ -]{0,20})"
    r"(?P<between>\\{0,8}[\"']?\s{0,9}(?:[:=]|%3D)\s{0,9}(?P<quote>\\{0,8}[\"'])?)"
    r"(?P<number>\d(?:[ -]?\d){12,18})(?!\d)",
    re.IGNORECASE,
)
_WORDS = frozenset(("card", "cards", "pan", "cc", "ccnumber", "cardnumber", "creditcard", "cardno"))
# What a screen looks for: anything that could be one.
CANDIDATE = re.compile(rb"[2-6]\d(?:[ -]?\d){11,17}")


def is_card_number(text: str) -> bool:
    """Have these digits, in groups or not, an issuer, a length of its cards and a check digit?"""
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return False
    return any(
        issuer.match(digits) and len(digits) in lengths for issuer, lengths in _ISSUERS
    ) and _has_check_digit(digits)


@lru_cache(maxsize=4_096)
def is_card_name(name: str) -> bool:
    """Is a member of this name likely to hold a card's number?"""
    return not _WORDS.isdisjoint(name_words(name[-100:]))


def mask_cards(text: str) -> str:
    """Return a text with the numbers of cards masked."""
    text = _NAMED.sub(_mask_named, text)
    return _GROUPED.sub(lambda m: MASK if is_card_number(m[0]) else m[0], text)


def _mask_named(match: re.Match[str]) -> str:
    if not is_card_number(match["number"]):
        return match[0]
    is_bare_json = match["quote"] is None and '"' in match["between"]
    mask = f'"{MASK}"' if is_bare_json else MASK
    return f"{match['name']}{match['rest']}{match['between']}{mask}"


def _has_check_digit(digits: str) -> bool:
    """Luhn's formula (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0

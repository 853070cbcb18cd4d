"""Finds televisions: those of HbbTV and Zeasn give maker and model in a comment of their own."""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces


class Television(NamedTuple):
    name: str | None
    brand: str | None


class Comment(NamedTuple):
    """pattern: of the user agent; groups: brand, then model"""

    pattern: re.Pattern[str]
    example: str
    brand: str
    name: str


# ETSI TS 102 796, 7.3.2.4: HbbTV/1.x.1 (<capabilities>; <vendor>; <model>; <software>; …)
COMMENTS = (
    Comment(
        re.compile(r"HbbTV/[\d.]{1,10} ?\([^;)]{0,80}; ?([^;)]{1,40}); ?([^;)]{1,60})"),
        "HbbTV/1.2.1 (; EDENWOOD; MB130; 3.43.4.0; _TV_G10_2017; ;)",
        "Edenwood",
        "MB130",
    ),
    Comment(
        re.compile(r"_TV_\w{1,20}/[^(]{0,60}\(([^,)]{1,40}), ?([^,)]{1,60}), ?\w{1,20}\)"),
        "_TV_UNKONWN/V8-NT563LA-LF1V291 (MANTA,32LHS79T,wireless)",
        "Manta",
        "32LHS79T",
    ),
)
_SAMSUNG = re.compile(
    r"smarthub|smart-tv; ?x11|smart-tv; .{0,80}(?:maple|tizen)|tizen.{0,80}tv", re.IGNORECASE
)
_SMALL_WORDS = ("LG", "JVC", "TCL", "AEG")


def find_television(pieces: Pieces) -> Television | None:
    lower = pieces.lower
    if "tv" not in lower:
        return None
    for pattern, *_ in COMMENTS:
        match = pattern.search(pieces.text)
        if match and match[1].strip():
            brand = match[1].strip()
            return Television(match[2].strip(), brand if brand in _SMALL_WORDS else brand.title())
    if _SAMSUNG.search(lower):
        return Television("Smart TV", "Samsung")
    if "netcast" in lower or "web0s" in lower or "webos.tv" in lower:
        return Television("SmartTV", "LG")
    return None

"""Reads the client hints (User-Agent Client Hints, https://wicg.github.io/ua-client-hints).

Their brand lists hold a brand that is none, under ever new spellings, so that nobody relies on
the list being short ("GREASE"); `Chromium` stands for all browsers that are built on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

MAX_CHARACTERS = 512
_PREFIX = "sec-ch-ua"
USED = (
    "sec-ch-ua",
    "sec-ch-ua-full-version-list",
    "sec-ch-ua-full-version",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "sec-ch-ua-model",
    "sec-ch-ua-mobile",
    "sec-ch-ua-form-factors",
)
# "Not=A?Brand";v="24", " Not A;Brand";v="99", "(Not(A:Brand";v="8"
_BRAND = re.compile(r'"([^"]{1,64})"\s*;\s*v\s*=\s*"([^"]{0,32})"')
_GREASE = re.compile(r"[^a-z]*not[^a-z]*a[^a-z]*brand[^a-z]*", re.IGNORECASE)
HEADLESS = "headlesschrome"
# brand in the hints → the agent's name
_NAMES = {
    "google chrome": "Chrome",
    "microsoft edge": "Edge",
    "operamobile": "Opera Mobile",
    "yandex": "Yandex Browser",
    "samsung internet": "SamsungBrowser",
    "android webview": "Chrome Webview",
    "microsoft edge webview2": "Edge Webview",
    "duckduckgo": "DuckDuckGo",
    HEADLESS: "Chrome",
}


class Hints(NamedTuple):
    """The hints that say something.

    brands: agent's name → version, GREASE and Chromium left out
    chromium: the version of Chromium
    """

    brands: Mapping[str, str]
    chromium: str | None
    platform: str | None
    platform_version: str | None
    model: str | None
    is_mobile: bool | None
    is_headless: bool
    form_factors: str


NO_HINTS = Hints({}, None, None, None, None, None, False, "")


def used_hints(client_hints: Mapping[str, str] | None) -> tuple[str, ...] | None:
    """Return the hints that are read, in the order of `USED`, or None where there is none.

    Header names are taken in any case, with `_` for `-` too.
    """
    if not client_hints:
        return None
    try:
        given = {str(name).lower().replace("_", "-"): text for name, text in client_hints.items()}
    except AttributeError:
        return None
    found = tuple(_text(given.get(name)) for name in USED)
    return found if any(found) else None


def read_hints(found: tuple[str, ...] | None) -> Hints:
    """found: what `used_hints` returned"""
    if found is None:
        return NO_HINTS
    found = tuple(printable(text) for text in found)
    brands, full_brands, full_version, platform, version, model, mobile, factors = found
    listed = _brands(brands)
    full = _brands(full_brands)
    chromium = full.pop("Chromium", None) or listed.get("Chromium")
    listed.pop("Chromium", None)
    if not full and len(listed) == 1 and _bare(full_version):
        full = dict.fromkeys(listed, _bare(full_version))
    if not full and not listed and chromium and _bare(full_version):
        chromium = _bare(full_version)
    return Hints(
        brands=full or listed,
        chromium=chromium,
        platform=_bare(platform) or None,
        platform_version=_bare(version) or None,
        model=_bare(model) or None,
        is_mobile={"?1": True, "?0": False}.get(mobile.strip()),
        is_headless=HEADLESS in f"{brands}{full_brands}".lower(),
        form_factors=factors,
    )


def printable(text: str) -> str:
    """Return the text with a space for what can't be printed: a lone surrogate is no text for the
    matcher in Rust, a NUL none for the database.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _brands(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for brand, version in _BRAND.findall(text):
        name = brand.strip()
        if not _GREASE.fullmatch(name):
            found[_NAMES.get(name.lower(), name)] = version
    return found


def _text(value: object) -> str:
    return value[:MAX_CHARACTERS] if isinstance(value, str) else ""


def _bare(text: str) -> str:
    return text.strip().strip('"').strip()

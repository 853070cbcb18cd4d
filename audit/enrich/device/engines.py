"""Finds the layout engine and its version.

The order is what matters: each engine carries the names of those before it, to be served alike.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces
from .versions import NameVersion

# Chrome parted from AppleWebKit with 28 (Chromium blog, 2013-04-03).
FIRST_BLINK = 28
# Firefox 110 to 119 said rv:109.0, since sites took rv:11 for Internet Explorer (bug 1806690).
FROZEN_RV = "109.0"
_FOLDED = re.compile(r"99\.([1-9]\d\d\..{0,60})")


class Engine(NamedTuple):
    """needs: one of these must be there, in small letters; version: group 1, or none"""

    name: str
    needs: tuple[str, ...]
    version: re.Pattern[str]
    example: str


ENGINES = (
    Engine(
        "Trident",
        ("trident/", "msie"),
        re.compile(r"trident/(\d[\d.]*)"),
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    ),
    Engine(
        "EdgeHTML",
        (" edge/",),
        re.compile(r" edge/(\d+)"),
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140"
        " Safari/537.36 Edge/18.17763",
    ),
    Engine(
        "UCBrowser U2",
        (" u2/",),
        re.compile(r" u2/(\d[\d.]*)"),
        "UCWEB/2.0 (MIDP-2.0; U; Adr 7.0; en-US; Nexus_6) U2/1.0.0 UCBrowser/10.9.2.962 Mobile",
    ),
    # Apple allows no other engine than its own, whatever the browser is called.
    Engine(
        "AppleWebKit",
        ("iphone", "ipad", "ipod"),
        re.compile(r"webkit/(\d[\d.]*)"),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
        " Gecko) CriOS/77.0.3865.103 Mobile/15E148 Safari/605.1",
    ),
    Engine(
        "Blink",
        ("chrome/", "chromium/"),
        re.compile(r"(?<!like )(?:chrome|chromium)/(\d[\d.]*)"),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/99.0.4844.45 Safari/537.36",
    ),
    Engine(
        "WebKitGTK",
        ("webkitgtk",),
        re.compile(r"webkitgtk\+?/(\d[\d.]*)"),
        "Mozilla/5.0 (Linux x86_64) AppleWebKit/538.15+ (KHTML, like Gecko) WebKitGTK+/2.4.2",
    ),
    Engine(
        "AppleWebKit",
        ("applewebkit",),
        re.compile(r"applewebkit/(\d[\d.]*)"),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    ),
    Engine(
        "Goanna",
        ("goanna/",),
        re.compile(r"goanna/(\d[\d.]*)"),
        "Mozilla/5.0 (Windows NT 10.0; rv:60.9) Gecko/20100101 Goanna/4.8 PaleMoon/29.4.0",
    ),
    Engine(
        "Gecko",
        (" gecko/", " gecko /"),
        re.compile(r"rv: ?(\d[\d.]*)"),
        "Mozilla/5.0 (Android 11; Mobile; rv:109.0) Gecko/110.0 Firefox/110.0",
    ),
    Engine(
        "Presto",
        ("presto/",),
        re.compile(r"presto/(\d[\d.]*)"),
        "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18",
    ),
)


def find_engine(pieces: Pieces) -> NameVersion:
    lower = pieces.lower
    for name, needs, pattern, _ in ENGINES:
        if not any(mark in lower for mark in needs):
            continue
        match = pattern.search(lower)
        version = match[1] if match else None
        if name == "AppleWebKit" and match is None and "webkit" not in lower:
            continue  # an app on an iPhone that draws no page
        if name == "Blink" and (version is None or _major(version) < FIRST_BLINK):
            continue
        if name == "Blink":
            version = undo_two_digit_major(version)
        if name == "Gecko" and version == FROZEN_RV:
            version = pieces.version_of("Firefox") or version
        return NameVersion(name, version)
    return NameVersion(None, None)


def undo_two_digit_major(version: str | None) -> str | None:
    """Return 99.100.1150.25 as 100.1150.25: how Chrome tried three digits on sites that take two."""
    match = _FOLDED.match(version) if version else None
    return match[1] if match else version


def _major(version: str) -> int:
    return int(version.partition(".")[0][:6] or 0)

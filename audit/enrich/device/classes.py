"""Finds the class of a device: phone, tablet, desktop, television, …"""

from __future__ import annotations

import re
from typing import NamedTuple

from .hints import Hints
from .pieces import Pieces


class ClassPattern(NamedTuple):
    """pattern: of the user agent in small letters"""

    name: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    example: str


# In this order; `marks`: one of them is there wherever the pattern matches.
CLASSES = (
    ClassPattern("Game Console", ("playstation", "cellos"), re.compile(r"playstation (?:\d|vita|portable)|cellos"), "(PlayStation 5 2.03)"),
    ClassPattern("Game Console", ("xbox",), re.compile(r"xbox"), "(Windows NT 10.0; Win64; x64; Xbox; Xbox One)"),
    ClassPattern("Game Console", ("nintendo",), re.compile(r"nintendo"), "(Nintendo Switch; WifiWebAuthApplet)"),
    ClassPattern("Virtual Reality", ("oculusbrowser", " vr ", "quest"), re.compile(r"oculusbrowser| vr safari|; quest(?: \d| pro)?\)"), "OculusBrowser/22.2 Chrome/102.0 VR Safari/537.36"),
    ClassPattern("TV", ("hbbtv", "smart-tv", "smarttv", "smart tv", "netcast", "web0s", "webos.tv"), re.compile(r"hbbtv|smart-?tv|smart tv|netcast|web0s|webos\.tv"), "(Linux; Tizen 2.3; SmartHub; SMART-TV)"),
    ClassPattern("TV", ("_tv_", "nettv", "ce-html", "tv safari"), re.compile(r"_tv_|nettv|ce-html|tv safari"), "_TV_UNKONWN/V8-NT563LA-LF1V250 (WESTPOINT,TETS-4919SM,wireless)"),
    ClassPattern("TV", ("bravia", "googletv", "android tv", "androidtv", "mitv", "mibox", "chromecast", "crkey", "shield android", "appletv", "apple tv", "roku", " tv ", " tv)"), re.compile(r"bravia|google ?tv|android ?tv|mitv|mibox|chromecast|crkey|apple ?tv|roku|\btv\b"), "(Linux; Android 6.0.1; BRAVIA 4K GB Build/MMB29V.S50)"),
    ClassPattern("TV", ("aft",), re.compile(r"; aft\w{1,10}(?: build/|\)|;)"), "(Linux; Android 7.1.2; AFTTIFF55)"),
    ClassPattern("Watch", ("watch",), re.compile(r"apple ?watch|watch ?os|galaxy watch|; watch"), "(AppleWatch; watchOS 9.0)"),
    ClassPattern("Car", ("qtcarbrowser", "tesla/", "android automotive"), re.compile(r"qtcarbrowser|tesla/2|android automotive"), "Chrome/79.0 Safari/537.36 Tesla/2020.16.2.1-e99c70fff409"),
)  # fmt: skip
_TABLET_MODEL = re.compile(
    r"sm-[tpx]\d|gt-[pn]\d{4}|kf[a-z]{2,5}$|tb[\-\d]|yt-|nexus (?:7|9|10)|pixel (?:c|tablet)"
    r"|ipad|.*\b(?:tab|tablet|pad|mediapad|zenpad|xpad)\b|lenovo (?:tb|yt)|(?:ags|bah|cmr|sht|vrd)\d?-",
    re.IGNORECASE,
)
# (PC; OpenHarmony 6.1; Windows NT 10.0), (2in1; HarmonyOS 5.0)
_HARMONY_COMPUTER = re.compile(r"\((?:pc|2in1); ?(?:open)?harmony")
_PHONES = ("phone", "mobile", "windows phone", "kaios", "symbian", "blackberry", "midp", "bb10")
_DESKTOPS = ("Windows", "macOS", "Linux", "Chrome OS", "Ubuntu", "Debian", "Fedora", "Gentoo Linux",
    "FreeBSD", "OpenBSD", "openSUSE", "CentOS", "Linux Mint", "Raspbian", "Elementary OS")  # fmt: skip
_HINTED = {
    '"tablet"': "Tablet",
    '"xr"': "Virtual Reality",
    '"automotive"': "Car",
    '"watch"': "Watch",
}


def find_class(
    pieces: Pieces,
    hints: Hints,
    *,
    system: str | None,
    model: str | None,
    is_page: bool,
) -> str | None:
    """is_page: it draws pages, so that it would say "Mobile" if it were a phone"""
    lower = pieces.lower
    for factor, name in _HINTED.items():
        if factor in hints.form_factors.lower():
            return name
    for name, marks, pattern, _ in CLASSES:
        if any(mark in lower for mark in marks) and pattern.search(lower):
            return name
    if system in ("iOS", "iPadOS"):
        return "Tablet" if "ipad" in lower else "Phone"
    if system in ("Android", "FireOS") and "x11" in lower:
        return "Tablet"
    if system == "HarmonyOS" and _HARMONY_COMPUTER.search(lower):
        return "Desktop"
    if system in ("Android", "FireOS", "HarmonyOS", "Tizen", "Sailfish", "Windows Phone", "KaiOS"):
        return _handheld(lower, hints, model=model, is_page=is_page, system=system)
    if system in _DESKTOPS:
        return "Phone" if "mobile safari" in lower and hints.is_mobile else "Desktop"
    if any(word in lower for word in _PHONES) and is_page:
        return "Phone"
    return None


def class_of_system(system: str) -> str | None:
    """Return the class that follows from a system alone."""
    if system in _DESKTOPS:
        return "Desktop"
    return "Phone" if system in ("iOS", "Windows Phone", "KaiOS") else None


def _handheld(lower: str, hints: Hints, *, model: str | None, is_page: bool, system: str) -> str:
    if hints.is_mobile:
        return "Phone"
    if "tablet" in lower:
        return "Tablet"
    if "mobile" in lower or "phone" in lower or system not in ("Android", "FireOS"):
        return "Phone"
    if is_page or (model and _TABLET_MODEL.match(model)):
        return "Tablet"
    return "Phone"

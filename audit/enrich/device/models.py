"""Finds the model that a user agent or a hint names."""

from __future__ import annotations

import re
from typing import NamedTuple

from .hints import Hints
from .pieces import Pieces

MAX_MODEL = 100
# What stands beside the model in the comment of an Android.
_NO_MODEL = re.compile(
    r"(?:linux|u|wv|k|n|mobile|tablet|tv|compatible|x11|arm(?:_?64|v7l|v8l)?|aarch64|android|rv:.*|gzip|\w+\.\w+\.[\w.]+|ghostery.*"
    r"|[a-z]{2}(?:[-_][a-z]{2,4}){0,2}(?:_#\w+)?|sdk \d+|api \d+|unspecified device|tizen(?: [\d.]+)?|smarthub|smart-?tv|maple.*|android(?:[ /\-]?v?\d.*| api.*| mobile.*)?|release/.*|generic"
    r"|khtml, like gecko|like gecko|x86(?:_64)?|i686|arm64.*|\d{1,2}|\d+dpi|\d+x\d+|windows.*"
    r"|flavour .*|cronet.*|matrix.*|touch|dark|light|build/.*|harmonyos.*|phone|openharmony.*)",
    re.IGNORECASE,
)
_SYSTEMS = ("android", " adr ", "tizen", "harmonyos")
_ANDROID = re.compile(r"(?:android|adr|tizen|harmonyos)(?:[ /\-]v?\d.*| api.*|)$", re.IGNORECASE)
# "Moto G (5) Plus Build/NPNS25.137", "MI MAX MIUI/V10.2.1.0"
_BUILD = re.compile(r"\s*(?:\bBuild/|\bMIUI/|\bBuild$)(.*)$", re.S | re.I)
_SAMSUNG_BROWSER = re.compile(r"SAMSUNG (?=[^ ])")
_MODEL_WORD = re.compile(r"model[ =:/]+(.+)", re.IGNORECASE)
# (iPhone7,2; iOS 12.0.1; gzip), Apple-iPad2C2/1305.238, hw/iPad3_1
_APPLE = re.compile(r"(?<![a-z])(ipad|iphone|ipod)")
_APPLE_NAMES = {"ipad": "iPad", "iphone": "iPhone", "ipod": "iPod touch"}
# uphold-sdk-javascript/v2.4.1 (MT6737; 9; es_US) Wallet Android/5.1.1
_FACEBOOK = re.compile(r"FBDV/([^;\]]{1,60})")
_CODE = re.compile(
    r"(?:exynos\d+|[A-Z]\w+ TB-\w+|[A-Z]{2,4}[-]?\d{3,}\w*|SM-\w+|Pixel [\w ]+|Nexus [\w ]+)",
    re.IGNORECASE,
)


class Model(NamedTuple):
    """build: of its firmware, as far as it is sent"""

    name: str
    build: str


def find_model(pieces: Pieces, hints: Hints) -> Model | None:
    """Return the model of an Android device; None where it is not sent, or no Android."""
    if hints.model:
        return Model(hints.model[:MAX_MODEL], "")
    if pieces.lower.startswith("[fb") and (match := _FACEBOOK.search(pieces.text)):
        return Model(match[1], "")
    if "kaios" in pieces.lower:
        return _of_kaios(pieces)
    if not any(system in pieces.lower for system in _SYSTEMS):
        return None
    for comment in pieces.comments:
        places = [number for number, field in enumerate(comment) if _ANDROID.match(field)]
        if not places:
            continue
        for field in (*comment[places[-1] + 1 :], *comment[: places[0]]):
            model = _model(field)
            if model:
                return model
    lead = pieces.text.partition(" (")[0]
    if "/" not in lead and _CODE.fullmatch(lead):  # SM-G970F (compatible; Mobile2.0) …
        return Model(lead, "")
    for comment in pieces.comments:
        for field in comment:
            if _CODE.fullmatch(field):
                return Model(field, "")
    return None


def _of_kaios(pieces: Pieces) -> Model | None:
    """`(Mobile; Nokia_8110_4G; rv:48.0)`, `(Mobile; LYF/LF-2403N/LYF-LF2403N-000-01; rv:48.0)`"""
    for field in pieces.comments[0] if pieces.comments else ():
        name = " ".join(field.split("/")[:2])
        if not _NO_MODEL.fullmatch(name):
            return Model(name, "")
    return None


def apple_device(lower: str) -> str | None:
    """Return "iPhone", "iPad" or "iPod touch", where one is named."""
    found = _APPLE.search(lower)
    if found:
        return _APPLE_NAMES[found[1]]
    return "iPad" if "ipados" in lower else None


def _model(field: str) -> Model | None:
    build = ""
    match = _BUILD.search(field)
    if match:
        field, build = field[: match.start()], match[1]
    named = _MODEL_WORD.match(field)
    if named:
        field = named[1]
    field = _SAMSUNG_BROWSER.sub("", field, count=1) if field.startswith("SAMSUNG ") else field
    field = field.strip(" -_/")
    if not field or _NO_MODEL.fullmatch(field) or "/" in field[:1]:
        return None
    return Model(field[:MAX_MODEL], build)

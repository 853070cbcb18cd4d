"""Finds the agent, and the app whose in-app browser it is.

On Android the agent is the web view that an app draws with, and the app's name is that of the
in-app browser; elsewhere the app is the agent. Some apps are both.
"""

from __future__ import annotations

import re

from .agents import (
    EDGE_OF_EDGEHTML,
    find_browser,
    find_explorer,
    find_generic,
    find_in_comment,
    find_unknown,
)
from .hints import Hints
from .pieces import Pieces
from .programs import find_known_program, find_program
from .versions import UNNAMED, NameVersion
from .webviews import (
    InAppBrowser,
    android_webview,
    find_in_app_browser,
    ios_webview,
    is_android_webview,
    is_ios_webview,
)

# 112.0.0.0: only the first number is sent
_REDUCED = re.compile(r"\d+\.0\.0\.0")


def find_identity(
    pieces: Pieces, hints: Hints, *, system: str | None, engine: str | None
) -> tuple[NameVersion, NameVersion]:
    """Return the agent, and the app whose in-app browser it is."""
    lower = pieces.lower
    known = find_known_program(pieces)
    if known:
        return known, UNNAMED
    if engine is None and not lower.startswith("mozilla") and not hints.brands:
        return _of_no_page(pieces)
    app = find_in_app_browser(pieces)
    if app:
        return _of_app(pieces, app[0], app[1], system=system)
    commented = find_in_comment(pieces)
    if commented:
        return commented, UNNAMED
    if "qihu" in lower:
        return find_explorer(pieces), UNNAMED
    return _of_page(pieces, hints, system=system, engine=engine)


def is_reduced(version: str | None) -> bool:
    """Is it a version of which only the first number is sent?"""
    return version is None or _REDUCED.fullmatch(version) is not None


def _of_no_page(pieces: Pieces) -> tuple[NameVersion, NameVersion]:
    if pieces.lower.startswith("[fb"):
        app = find_in_app_browser(pieces)
        return NameVersion("Chrome Webview", None), app[1] if app else UNNAMED
    browser = find_browser(pieces)
    return (NameVersion(browser[0].name, browser[1]) if browser else find_program(pieces)), UNNAMED


def _of_app(
    pieces: Pieces, app: InAppBrowser, named: NameVersion, *, system: str | None
) -> tuple[NameVersion, NameVersion]:
    browser = find_browser(pieces)
    is_wv = system == "Android" and is_android_webview(pieces.lower)
    if is_wv and not app.is_agent:
        if browser and browser[0].is_whole:
            return NameVersion(browser[0].name, browser[1]), named
        return android_webview(pieces), named
    if system == "iOS" and app.is_never_agent:
        return (NameVersion(browser[0].name, browser[1]) if browser else ios_webview(pieces)), named
    return named, named if system in ("iOS", "Android") else UNNAMED


def _of_page(
    pieces: Pieces, hints: Hints, *, system: str | None, engine: str | None
) -> tuple[NameVersion, NameVersion]:
    lower = pieces.lower
    is_wv = is_android_webview(lower)
    browser = find_browser(pieces)
    unknown = find_unknown(pieces)
    # These are also what others draw with, and then their own name follows.
    if browser and not (unknown and unknown.version and browser[0].name in ("Edge", "Firefox")):
        agent, version = browser
        if is_wv and not agent.is_whole:
            return android_webview(pieces), NameVersion(agent.name, version)
        found = _with_brands(_adjusted(agent.name, version, lower, is_wv=is_wv), hints)
        if agent.maker:
            return found, NameVersion(f"{agent.maker} {agent.name}", version)
        return found, UNNAMED
    if engine == "Trident" and not unknown:
        return find_explorer(pieces), UNNAMED
    if unknown:
        if is_wv:
            return android_webview(pieces), unknown
        return unknown, unknown if system == "iOS" and is_ios_webview(lower) else UNNAMED
    if is_wv:
        return android_webview(pieces), UNNAMED
    if system == "iOS" and is_ios_webview(lower):
        return ios_webview(pieces), UNNAMED
    if "electron" in pieces.words:
        return NameVersion("Electron app", pieces.version_of("Electron")), UNNAMED
    return _with_brands(find_generic(pieces), hints), UNNAMED


def _adjusted(name: str, version: str | None, lower: str, *, is_wv: bool) -> NameVersion:
    if name == "Opera" and "android" in lower:
        return NameVersion("Opera Mini" if is_wv else "Opera Mobile", version)
    if name == "Edge" and " edge/" in lower and version:
        major, _, rest = version.partition(".")
        real = EDGE_OF_EDGEHTML.get(major)
        return NameVersion(name, f"{real}.{rest}" if real else version)
    return NameVersion(name, version)


def _with_brands(found: NameVersion, hints: Hints) -> NameVersion:
    """A brand of the hints names what the user agent leaves open, or says it more exactly; it
    never takes the place of one that the user agent names.
    """
    if not hints.brands:
        if found.name == "Chrome" and hints.chromium:
            is_known = not is_reduced(found.version)
            return NameVersion("Chromium", found.version if is_known else hints.chromium)
        return found
    if found.name in ("Chrome", None):
        return _of_brands(found, hints)
    for name, version in hints.brands.items():
        if name != found.name and name.startswith(str(found.name)):  # Opera, and Opera GX
            return NameVersion(name, version if is_reduced(found.version) else found.version)
    return found


def _of_brands(found: NameVersion, hints: Hints) -> NameVersion:
    brands = list(hints.brands.items())
    others = [brand for brand in brands if brand[0] not in ("Chrome", "Chrome Webview")]
    name, version = (others or brands)[0]
    if name == "Chrome" and not is_reduced(found.version):
        return found
    return NameVersion(name, version or found.version)

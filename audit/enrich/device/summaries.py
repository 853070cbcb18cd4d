"""Reads summaries of user agents: "Chrome 120.0.0 / Mac OS X 10.15.7", as Auth0's logs have them.

npm's `useragent` writes so what ua-parser found: family and version of the agent, then of the
system, each version of three numbers, "Other" and 0.0.0 where nothing is known.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .versions import NameVersion


class Summary(NamedTuple):
    """device_class: as far as the browser's family implies it, where the system leaves it open"""

    agent: NameVersion
    system: NameVersion
    device_class: str | None


class Family(NamedTuple):
    """name: what ua-parser calls it; ours: what the other tables call it"""

    name: str
    ours: str
    example: str


AGENTS = (
    Family("Chrome Mobile", "Chrome", "Chrome Mobile 120.0.0 / Android 14.0.0"),
    Family("Chrome Mobile iOS", "Chrome", "Chrome Mobile iOS 120.0.0 / iOS 17.2.1"),
    Family(
        "Chrome Mobile WebView", "Chrome Webview", "Chrome Mobile WebView 120.0.0 / Android 14.0.0"
    ),
    Family("HeadlessChrome", "Chrome", "HeadlessChrome 120.0.0 / Linux 0.0.0"),
    Family("Mobile Safari", "Safari", "Mobile Safari 17.2.0 / iOS 17.2.1"),
    Family(
        "Mobile Safari UI/WKWebView", "WKWebView", "Mobile Safari UI/WKWebView 0.0.0 / iOS 17.2.1"
    ),
    Family("Firefox Mobile", "Firefox", "Firefox Mobile 121.0.0 / Android 14.0.0"),
    Family("Firefox iOS", "Firefox", "Firefox iOS 121.0.0 / iOS 17.2.1"),
    Family("Edge Mobile", "Edge", "Edge Mobile 120.0.0 / Android 14.0.0"),
    Family("Samsung Internet", "SamsungBrowser", "Samsung Internet 23.0.0 / Android 13.0.0"),
    Family("UC Browser", "UCBrowser", "UC Browser 15.0.7 / Android 13.0.0"),
    Family("IE", "Internet Explorer", "IE 11.0.0 / Windows 7.0.0"),
    Family("IE Mobile", "Internet Explorer", "IE Mobile 11.0.0 / Windows Phone 8.1.0"),
    Family("Android", "Android Browser", "Android 4.4.4 / Android 4.4.4"),
)
SYSTEMS = (Family("Mac OS X", "macOS", "Chrome 120.0.0 / Mac OS X 10.15.7"),)
NOTHING = "Other"
_NUMBERS = r"(\d{1,8}\.\d{1,8}\.\d{1,8})"
_SUMMARY = re.compile(rf"([A-Za-z].{{0,60}}?) {_NUMBERS} / ([A-Za-z][\w .\-]{{0,40}}?) {_NUMBERS}")
_OUR_AGENTS = {family.name: family.ours for family in AGENTS}
_OUR_SYSTEMS = {family.name: family.ours for family in SYSTEMS}
# Firefox on any Android sends the true version; Chrome sends 10 from 110 on, and Edge with it.
_FROZEN_ANDROID = "10.0.0"


def find_summary(text: str) -> Summary | None:
    match = _SUMMARY.fullmatch(text)
    if match is None:
        return None
    family, version, system, system_version = match.groups()
    return Summary(
        agent=_named(_OUR_AGENTS.get(family, family), version),
        system=_system(_OUR_SYSTEMS.get(system, system), system_version, family),
        device_class=_class(family),
    )


def _class(family: str) -> str | None:
    if "Mobile" in family or family == "Android":
        return "Phone"
    return "Tablet" if family == "Chrome" else None  # on Android it says "Mobile" on phones alone


def _named(name: str, version: str) -> NameVersion:
    if name == NOTHING:
        return NameVersion(None, None)
    return NameVersion(name, None if version == "0.0.0" else version)


def _system(name: str, version: str, family: str) -> NameVersion:
    """Return the system; the version is a lower bound where the browser's user agent is frozen."""
    named = _named(name, version)
    if named.version is None or name == "Chrome OS":  # which has a build, not a version
        return NameVersion(named.name, None)
    short = named.version.removesuffix(".0").removesuffix(".0")
    if name == "Android" and version == _FROZEN_ANDROID and "Firefox" not in family:
        return NameVersion(name, None)
    is_frozen = (name, short) in (("Windows", "10"), ("macOS", "10.15.7")) or (
        (name, short, family) == ("macOS", "10.15", "Firefox")
    )
    return NameVersion(name, f">={short}" if is_frozen else short)

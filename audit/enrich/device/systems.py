"""Finds the operating system and its version.

Frozen user agents tell less than they seem to: `Windows NT 10.0` may be 11, `10_15_7` is any
later macOS, `Android 10; K` any Android. Only client hints tell more.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .amazon import FIRE_OS, is_amazon
from .hints import Hints
from .pieces import Pieces
from .versions import NameVersion

WINDOWS = {
    "5.0": "2000",
    "5.1": "XP",
    "5.2": "XP",
    "6.0": "Vista",
    "6.1": "7",
    "6.2": "8",
    "6.3": "8.1",
    "6.4": "10",
}
# Darwin's major version → that of iOS and macOS (of CFNetwork's user agents)
DARWIN = {
    13: ("7", "10.9"),
    14: ("8", "10.10"),
    15: ("9", "10.11"),
    16: ("10", "10.12"),
    17: ("11", "10.13"),
    18: ("12", "10.14"),
    19: ("13", "10.15"),
    20: ("14", "11"),
    21: ("15", "12"),
    22: ("16", "13"),
    23: ("17", "14"),
    24: ("18", "15"),
    25: ("26", "26"),
}
# Android API level → version (of apps that tell only the level)
ANDROID_API = {
    21: "5.0", 22: "5.1", 23: "6.0", 24: "7.0", 25: "7.1", 26: "8.0", 27: "8.1", 28: "9",
    29: "10", 30: "11", 31: "12", 32: "12", 33: "13", 34: "14", 35: "15", 36: "16",
}  # fmt: skip
# What WebKit says of iOS 26 and later
FROZEN_IOS = ("18.6", "18.7")
FIRST_FROZEN_IOS = 26
FIRST_WINDOWS_11 = 13  # of Sec-CH-UA-Platform-Version; Microsoft Edge's documentation
_PLATFORMS = {
    "windows": "Windows",
    "macos": "macOS",
    "chrome os": "Chrome OS",
    "chromium os": "Chrome OS",
}


class System(NamedTuple):
    """mark: what its user agents hold, in small letters; version: an expression, group 1 is it"""

    name: str
    mark: str
    version: str
    example: str


_V = r"(\d+(?:[._]\d+){0,4})"
# In this order; the first whose mark is there is it. Without a match, its version is unknown.
SYSTEMS = (
    System("Tizen", "tizen", rf"tizen[ /]?{_V}", "(Linux; Tizen 2.3; SmartHub; SMART-TV)"),
    System("webOS", "web0s", rf"web0s[ /]{_V}", "(Web0S; Linux/SmartTV)"),
    System("KaiOS", "kaios", rf"kaios/{_V}", "(Mobile; rv:48.0) Gecko/48.0 KAIOS/2.5"),
    System("HarmonyOS", "harmonyos", rf"harmonyos[ /]?{_V}", "(Phone; HarmonyOS 4.0)"),
    System("HarmonyOS", "openharmony", rf"openharmony[ /]?{_V}", "(Phone; OpenHarmony 5.0)"),
    System("Sailfish", "sailfish", rf"sailfish[ /]?{_V}", "(Maemo; Linux; U; Jolla; Sailfish)"),
    System("RNPS", "rnps/", rf"rnps/{_V}", "rnps-action-cards/6.0 RNPS/6.50 (PlayStation 5)"),
    System("PS5 OS", "playstation 5", rf"playstation 5[ /]{_V}", "(PlayStation 5 2.03)"),
    System("Orbis OS", "playstation 4", rf"playstation 4[ /]{_V}", "(PlayStation 4/11.52)"),
    System("PlayStation Vita", "playstation vita", rf"vita[ /]{_V}", "(PlayStation Vita 3.36)"),
    System("CellOS", "playstation 3", rf"playstation 3;? {_V}", "(PLAYSTATION 3; 3.55)"),
    System("CellOS", "cellos", rf"cellos[ /]{_V}", "PS3Application libhttp/4.8.5-000 (CellOS)"),
    System("Nintendo Switch", "nintendo switch", rf"switch[ /]{_V}", "(Nintendo Switch; WifiWebAuthApplet)"),
    System("Windows Phone", "windows phone", rf"windows phone(?: os)? ?{_V}", "(Windows Phone 8.1; ARM)"),
    System("Windows", "windows", rf"\bwindows(?:; u;)?[ _]?(?:nt)?[ _/]?{_V}", "(Windows NT 6.1; WOW64)"),
    System("Chrome OS", "cros ", rf"cros \w+ {_V}", "(X11; CrOS x86_64 14541.0.0)"),
    System("iOS", "-ios/", rf"\bos {_V}", "Outlook-iOS/711.2587062.prod.iphone (3.33.0)"),
    System("Android", "android", rf"(?<![\w\-/.])android(?: mobile)?(?: api |[ /\-]{{0,2}}){_V}", "(Linux; Android 9; SM-G960F)"),
    System("Android", " adr ", rf" adr {_V}", "UCWEB/2.0 (MIDP-2.0; U; Adr 7.0; en-US; Nexus_6)"),
    System("Android", "dalvik", rf"android {_V}", "Dalvik/2.1.0"),
    System("Android", "[fban/fb4a", rf"fbsv/{_V}", "[FBAN/FB4A;FBAV/371.0.0.24.109;FBDV/SM-G970U;FBSV/12]"),
    System("iOS", "iphone", rf"(?:\bos|ios|iphone os)[ /,]{_V}", "(iPhone; CPU iPhone OS 12_1 like Mac OS X)"),
    System("iOS", "ipad", rf"(?:\bos|ios|iphone os|ipados)[ /,]{_V}", "(iPad; CPU OS 13_4 like Mac OS X)"),
    System("iOS", "ipod", rf"(?:\bos|ios|iphone os)[ /,]{_V}", "(iPod touch; CPU iPhone OS 10_3 like Mac OS X)"),
    System("iOS", "(ios", rf"\bios[ /,]?{_V}", "nu.nl/10.13 (iOS,16.2;230124161124;828x1792@2.0x)"),
    System("iOS", " ios ", rf"\bios {_V}", "Yammer/9.25 (en-GB; iOS 15.5)"),
    System("Raspbian", "raspbian", rf"raspbian[ /]{_V}", "(X11; Linux armv7l) Raspbian Chromium/65.0"),
    System("Ubuntu", "ubuntu", rf"ubuntu[ /]{_V}", "(X11; Ubuntu; Linux x86_64) Ubuntu/16.04"),
    System("Debian", "debian", rf"debian[ /]{_V}", "Version/6.0 Debian/7.8 Epiphany/3.8.2"),
    System("Gentoo Linux", "gentoo", rf"(?:gentoo[ /]|linux ){_V}", "(X11; U; Gentoo Linux x86_64; pl-PL)"),
    System("Fedora", "fedora", rf"fedora[ /]{_V}", "(X11; Fedora; Linux x86_64; rv:109.0)"),
    System("Elementary OS", "elementary os", rf"elementary os[ /]?{_V}", "(X11; Linux x86_64; elementary OS 0.4)"),
    System("CentOS", "centos", rf"centos[ /]{_V}", "Gecko/20100101 CentOS/3.6 Firefox/3.6"),
    System("openSUSE", "suse", rf"suse[ /]{_V}", "Gecko/20100714 SUSE/3.6.8 Firefox/3.6.8"),
    System("Linux Mint", "linux mint", rf"linux mint[ /]{_V}", "Gecko/2009 Linux Mint/7 (Gloria)"),
    System("FreeBSD", "freebsd", rf"freebsd {_V}", "(X11; FreeBSD amd64; rv:109.0)"),
    System("OpenBSD", "openbsd", rf"openbsd {_V}", "(X11; OpenBSD amd64; rv:109.0)"),
    System("macOS", "mac os", rf"mac os ?x?(?: version)?[ _/]?{_V}", "(Macintosh; Intel Mac OS X 10_15_5)"),
    System("macOS", "macos", rf"macos[ /]?{_V}", "App/1.0 (macOS 14.5; arm64)"),
    System("macOS", "macintosh", rf"mac ?os[ x]*{_V}", "(Macintosh; U; Intel; en)"),
    System("Linux", "linux", rf"linux {_V}", "ELinks/0.9.3 (textmode; Linux 2.6.8-1-k7-smp i686)"),
    System("Linux", "x11", rf"linux {_V}", "(X11; U; en-US)"),
)  # fmt: skip
_PATTERNS = tuple((row.name, row.mark, re.compile(row.version)) for row in SYSTEMS)
_DARWIN = re.compile(r"darwin/(\d{1,2})")
# WhatsApp/2.23.3.77 A: its one letter is the system
_WHATSAPP = re.compile(r"whatsapp/[\d.]{1,20} ([aiwn])$")
_WHATSAPP_SYSTEMS = {"a": "Android", "i": "iOS", "w": "Windows", "n": "KaiOS"}
# Chrome and Safari say 10_15_7 of any later macOS, Firefox 10.15 (from 87 on: bug 1679929)
_FROZEN_MAC = "10.15.7"
_FROZEN_MAC_OF_FIREFOX = "10.15"
_FIRST_FROZEN_FIREFOX = 87
# (iPhone17,1; iOS 26_0_1; de_DE), FBSV/26.0.1: an app that sends the true version beside a frozen one
_TRUE_IOS = re.compile(r"(?:; ?ios |fbsv/)(\d+(?:[._]\d+){0,4})")
# A tablet that asks for the site of desktops: "(X11; Linux x86_64) … SamsungBrowser/24.0 Chrome/117"
_ASKS_FOR_DESKTOP = re.compile(r"gecko\) (?:(samsungbrowser)|silk)/")
_HBBTV = re.compile(r"hbbtv/[\d.]{1,10} ?\(([^)]{0,400})")


def find_system(pieces: Pieces, hints: Hints, *, model: str | None) -> NameVersion:
    """model: of the device, where it is sent; a frozen Android sends none"""
    lower = pieces.lower
    system = _of_user_agent(pieces)
    if hints.platform:
        system = _with_hints(system, hints, pieces)
    elif system.name == "Windows" and system.version == "10":
        system = NameVersion("Windows", ">=10")
    elif system.name == "macOS":
        system = _mac(system.version, pieces)
    if system.name == "Android" and model and not hints.platform and is_amazon(model):
        return NameVersion("FireOS", FIRE_OS.get((system.version or "").partition(".")[0]))
    if system.name == "Android" and not hints.platform_version and _is_frozen(lower, model):
        return NameVersion("Android", None)
    return system


def _is_frozen(lower: str, model: str | None) -> bool:
    return model is None and ("android 10; k)" in lower or "unspecified device" in lower)


def _of_user_agent(pieces: Pieces) -> NameVersion:
    lower = pieces.lower
    darwin = _DARWIN.search(lower)
    if darwin:
        return _of_darwin(int(darwin[1]), lower)
    firmware = _HBBTV.search(lower)
    if firmware:
        fields = [field.strip() for field in firmware[1].split(";")]
        return NameVersion("Linux", fields[3] or None if len(fields) > 3 else None)
    for name, mark, pattern in _PATTERNS:
        if mark in lower:
            match = pattern.search(lower)
            return _adjusted(name, match[1] if match else None, pieces)
    if whatsapp := _WHATSAPP.match(lower):
        return NameVersion(_WHATSAPP_SYSTEMS[whatsapp[1]], None)
    return NameVersion(None, None)


def _adjusted(name: str, version: str | None, pieces: Pieces) -> NameVersion:
    version = version.replace("_", ".") if version else None
    if name == "Windows":
        return NameVersion(name, _windows(version))
    if name == "Chrome OS":
        # A release of Chrome OS carries the number of its Chrome; the user agent holds a build.
        return NameVersion(name, pieces.version_of("Chrome"))
    if name == "Android" and version and "." not in version and int(version[:6]) in ANDROID_API:
        return NameVersion(name, ANDROID_API[int(version)])
    if name == "iOS" and version in FROZEN_IOS:
        return NameVersion(name, _thawed_ios(version, pieces))
    if name == "Linux" and "raspberrypi" in pieces.lower:
        return NameVersion("Raspbian", version)
    if name == "Linux" and (asking := _ASKS_FOR_DESKTOP.search(pieces.lower)):
        return NameVersion("Android" if asking[1] else "FireOS", None)
    return NameVersion(name, version)


def _thawed_ios(version: str, pieces: Pieces) -> str:
    """Return the version of a frozen iOS from elsewhere; without that it is that one or later."""
    match = _TRUE_IOS.search(pieces.lower)
    if match:
        return match[1].replace("_", ".")
    # Safari has the version of its system; in an app, and in other browsers, nothing does.
    safari = pieces.version_of("Version") or ""
    if safari[:2].isdecimal():
        return safari if int(safari[:2]) >= FIRST_FROZEN_IOS else version
    return f">={version}"


def _mac(version: str | None, pieces: Pieces) -> NameVersion:
    is_frozen = version == _FROZEN_MAC
    if version == _FROZEN_MAC_OF_FIREFOX:
        firefox = (pieces.version_of("Firefox") or "").partition(".")[0][:6]
        is_frozen = firefox.isdecimal() and int(firefox) >= _FIRST_FROZEN_FIREFOX
    return NameVersion("macOS", f">={version}" if is_frozen else version)


def _windows(version: str | None) -> str | None:
    if version is None:
        return None
    two = ".".join(version.split(".")[:2])
    return WINDOWS.get(two) or ("10" if two.startswith("10") else version)


def _of_darwin(major: int, lower: str) -> NameVersion:
    mobile, desktop = DARWIN.get(major, (None, None))
    if "x86_64" in lower or "i386" in lower or "macintosh" in lower or "mac os" in lower:
        return NameVersion("macOS", desktop)
    return NameVersion("iOS", mobile)


def _with_hints(system: NameVersion, hints: Hints, pieces: Pieces) -> NameVersion:
    # hints.platform is there, or this is not called
    platform = _PLATFORMS.get((hints.platform or "").lower(), hints.platform)
    version = hints.platform_version
    if platform == "Windows":
        return NameVersion("Windows", _windows_of_hints(system, version))
    if system.name not in (platform, "Windows", None) and platform == "Linux":
        return NameVersion(system.name, version or system.version)  # a distribution names itself
    if platform == system.name:
        if platform == "Chrome OS":
            return system
        if platform == "macOS" and version is None:
            return _mac(system.version, pieces)
        return NameVersion(platform, version or system.version)
    return NameVersion(platform, version)


def _windows_of_hints(system: NameVersion, version: str | None) -> str | None:
    major = version.partition(".")[0] if version else ""
    if not major.isdecimal():
        return ">=10" if system.version == "10" else system.version
    number = int(major[:6])
    if number == 0:  # 7, 8 and 8.1 are 0.1, 0.2 and 0.3
        return {"0.1": "7", "0.2": "8", "0.3": "8.1"}.get((version or "")[:3], system.version)
    return "11" if number >= FIRST_WINDOWS_11 else "10"

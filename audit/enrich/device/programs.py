"""Names the program that is no browser: apps and desktop programs that draw no page."""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces
from .versions import NameVersion, split_version


class Program(NamedTuple):
    """pattern: of the user agent in small letters; group 1, where it took part, is the version

    example: a user agent that begins like this
    """

    name: str
    pattern: re.Pattern[str]
    example: str


PROGRAMS = (
    Program("Exchange ActiveSync", re.compile(r"apple-(?:ipad|iphone|ipod)\w{0,8}/(\d[\d.]*)"), "Apple-iPad2C2/1305.238"),
    Program("Exchange ActiveSync", re.compile(r"(?:android-)?samsung-sm-?\w{3,8}/(\d[\d.]*)"), "SAMSUNG-SM-G973F/101.90000"),
    Program("Microsoft Outlook Mobile", re.compile(r"outlook-(?:ios|android)/[^(]{0,60}\((\d[\d.]*)"), "Outlook-iOS/711.2587062.prod.iphone (3.33.0)"),
    Program("Microsoft Outlook Mobile", re.compile(r"outlook-(?:ios|android)/(\d[\d.]*)"), "Outlook-iOS/2.0"),
    Program("Microsoft Outlook", re.compile(r"macoutlook/(\d[\d.]*)"), "MacOutlook/16.24.0.190412 (Intelx64 Mac OS X Version 10.15.6)"),
    Program("Microsoft Office MAPI Client", re.compile(r"microsoft office/[^;]{0,40}; ucmapi (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; ucmapi 16.0.4738; Pro)"),
    Program("Microsoft Office MAPI Client", re.compile(r"microsoft office/[^;]{0,40}; mapi (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; MAPI 16.0.10827; Pro)"),
    Program("Microsoft Office InfoPath Editor", re.compile(r"microsoft office/[^;]{0,40}; infopath editor (\d[\d.]*)"), "Microsoft Office/15.0 (Windows NT 10.0; InfoPath Editor 15.0.5059; Pro)"),
    Program("Microsoft Outlook", re.compile(r"microsoft office/[^;]{0,60}; microsoft outlook (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.10730; Pro)"),
    Program("Microsoft Word", re.compile(r"microsoft office/[^;]{0,60}; microsoft word (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.10730; Pro)"),
    Program("Microsoft Excel", re.compile(r"microsoft office/[^;]{0,60}; microsoft excel (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Excel 16.0.10730; Pro)"),
    Program("Microsoft PowerPoint", re.compile(r"microsoft office/[^;]{0,60}; microsoft powerpoint (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft PowerPoint 16.0.10730; Pro)"),
    Program("Microsoft Access", re.compile(r"microsoft office/[^;]{0,60}; microsoft access (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Access 16.0.10730; Pro)"),
    Program("Microsoft Visio", re.compile(r"microsoft office/[^;]{0,60}; microsoft visio (\d[\d.]*)"), "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Visio 16.0.10730; Pro)"),
    Program("Youtube", re.compile(r"com\.google\.(?:android|ios)\.youtube/(\d[\d.]*)"), "com.google.android.youtube/16.35.36(Linux; U; Android 11)"),
    Program("Youtube Music", re.compile(r"com\.google\.(?:android\.apps|ios)\.youtube\.?music/(\d[\d.]*)"), "com.google.android.apps.youtube.music/5.14.53(Linux; U; Android 12)"),
    Program("Google Drive", re.compile(r"com\.google\.(?:android\.apps\.docs|drive[\w.]{0,40})/(\d[\d.]*)"), "com.google.Drive.ShareExtension/4.2022.22200 iPhone/15.4.1"),
    Program("Google Plus", re.compile(r"com\.google\.googlemobile/(\d[\d.]*)"), "com.google.GoogleMobile/42.0.0 iPad/9.3.5 hw/iPad3_1"),
    Program("Google Go", re.compile(r"com\.google\.android\.apps\.searchlite/(\d[\d.]*)"), "com.google.android.apps.searchlite/444787 (Linux; U; Android 10)"),
    Program("DuckDuckGo", re.compile(r"ddg_(?:android|ios|mac)/(\d[\d.]*)"), "ddg_android/5.107.0 (com.duckduckgo.mobile.android; Android API 30)"),
    Program("Sonos", re.compile(r"linux upnp/[\d.]{1,8} sonos/(\d[\d.\-]*)"), "Linux UPnP/1.0 Sonos/53.3-71050 (ZPS12)"),
    Program("Zoho Trident", re.compile(r"zohotrident\w{0,10}/(\d[\d.]*)"), "ZohoTridentWindows/1.1.3.0"),
    Program("UCBrowser", re.compile(r"ucweb/.{0,200}\bucbrowser/(\d[\d.]*)"), "UCWEB/2.0 (MIDP-2.0; U; Adr 7.0) U2/1.0.0 UCBrowser/10.9.2.962"),
    Program("WhatsApp", re.compile(r"whatsapp/(\d[\d.]*) [aiwn]$"), "WhatsApp/2.23.3.77 A"),
    Program("Opera Mini", re.compile(r"opera mini[ /](\d[\d.]*)"), "opera mini 4/mozilla/5.0 (linux; u; android 4.3)"),
)  # fmt: skip
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,8}){1,4}")
_FIRST = tuple(sorted({program.example.lower()[:3] for program in PROGRAMS}))


def find_known_program(pieces: Pieces) -> NameVersion | None:
    """Return a program that is known under another name than the one it sends."""
    lower = pieces.lower
    if not lower.startswith(_FIRST):
        return None
    for name, pattern, _ in PROGRAMS:
        match = pattern.match(lower)
        if match:
            return NameVersion(name, match[1])
    return None


def find_program(pieces: Pieces) -> NameVersion:
    """Return the program that the user agent begins with."""
    if pieces.lower.startswith("dalvik"):
        return NameVersion("Dalvik", pieces.version_of("Dalvik"))
    lead = pieces.text.partition("(")[0].strip()
    found = split_version(lead or pieces.outside)
    if found.version is None and pieces.comments and pieces.comments[0]:
        first = pieces.comments[0][0]
        if _VERSION.fullmatch(first):  # ELinks (0.11.3; Linux 2.6.22-gentoo-r9 i686; 80x40)
            return NameVersion(found.name, first)
    return found

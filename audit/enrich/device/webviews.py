"""Finds in-app browsers: apps draw pages with the system's web view and add their name."""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces
from .versions import NameVersion


class InAppBrowser(NamedTuple):
    """mark: what to look for first, in small letters; pattern: group 1 is the version

    pattern's group "code", where it has one, is a part of the name
    is_agent: it calls itself the browser, on Android too (elsewhere the web view is the agent);
    is_never_agent: the web view stays the agent on iOS too
    """

    name: str
    mark: str
    pattern: re.Pattern[str]
    example: str
    is_agent: bool = False
    is_never_agent: bool = False


IN_APP_BROWSERS = (
    InAppBrowser("Facebook App for iOS", "fban/fbios", re.compile(r"fban/fbios(?:[^\]]{0,40}?fbav/(\d[\d.]*))?"),
        "Mobile/14G60 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBBV/1]", is_never_agent=True),
    InAppBrowser("Facebook Messenger Lite for iOS", "fban/messengerliteforios", re.compile(r"fban/messengerliteforios(?:[^\]]{0,40}?fbav/(\d[\d.]*))?"),
        "Mobile/15E148 LightSpeed [FBAN/MessengerLiteForiOS;FBAV/310.0.0.38.116]", is_never_agent=True),
    InAppBrowser("Facebook Messenger for iOS", "fban/messengerforios", re.compile(r"fban/messengerforios(?:[^\]]{0,40}?fbav/(\d[\d.]*))?"),
        "Mobile/15E148 [FBAN/MessengerForiOS;FBAV/450.0.0.38.108]", is_never_agent=True),
    InAppBrowser("Facebook Orca-Android", "orca-android", re.compile(r"orca-android(?:[^\]]{0,40}?fbav/(\d[\d.]*))?"),
        "[FB_IAB/Orca-Android;FBAV/319.0.0.22.170;]", is_never_agent=True),
    InAppBrowser("Facebook App for Android", "fb4a", re.compile(r"fb4a(?:[^\]]{0,40}?fbav/(\d[\d.]*))?"),
        "[FB_IAB/FB4A;FBAV/147.0.0.44.75;]", is_never_agent=True),
    InAppBrowser("Facebook EMA", "fban/ema", re.compile(r"fban/ema(?:[^\]]{0,60}?fbav/(\d[\d.]*))?"),
        "[FBAN/EMA;FBLC/nl_NL;FBAV/218.0.0.6.119;]", is_never_agent=True),
    InAppBrowser("Facebook", "[fb", re.compile(r"\[fb(?:an|_iab)/(?P<code>[\w\-]{1,40})(?:[^\]]{0,60}?fbav/(\d[\d.]*))?"),
        "[FBAN/GroupsForiOS;FBAV/1.2.3;]", is_never_agent=True),
    InAppBrowser("Instagram", "instagram", re.compile(r"instagram[ /](\d[\d.]*)"), "Mobile/13B143 Instagram 7.10.0 (iPhone5,4)"),
    InAppBrowser("Threads", "barcelona", re.compile(r"barcelona[ /](\d[\d.]*)"), "Mobile/15E148 Barcelona 289.0.0.77.109"),
    InAppBrowser("Snapchat", "snapchat", re.compile(r"snapchat[ /](\d[\d.]*)"), "Mobile Safari/537.36 Snapchat/10.24.5.0"),
    InAppBrowser("WeChat", "micromessenger", re.compile(r"micromessenger/(\d[\d.]*)"), "MicroMessenger/8.0.28(0x18001c2e)", is_agent=True),
    InAppBrowser("Line", " line/", re.compile(r" line/(\d[\d.]*)"), "Mobile/15E148 Safari Line/12.3.0"),
    InAppBrowser("KakaoTalk", "kakaotalk", re.compile(r"kakaotalk[ /](\d[\d.]*)"), "Mobile Safari/537.36 KAKAOTALK 9.0.3"),
    InAppBrowser("QQ Client", " qq/", re.compile(r" qq/(\d[\d.]*)"), "Mobile/14D27 QQ/6.6.9.412 V1_IPH_SQ_6.6.9", is_agent=True),
    InAppBrowser("Alibaba Cloudmail", "aliapp(cloudmail", re.compile(r"aliapp\(cloudmail/(\d[\d.]*)"), "Nebula AliApp(CLOUDMAIL/5.1.0)", is_never_agent=True),
    InAppBrowser("Alibaba DingTalk", "aliapp(dingtalk", re.compile(r"aliapp\(dingtalk/(\d[\d.]*)"), "AliApp(DingTalk/4.5.11)", is_never_agent=True),
    InAppBrowser("Alibaba Taobao", "aliapp(tb", re.compile(r"aliapp\(tb/(\d[\d.]*)"), "AliApp(TB/9.1.0)", is_never_agent=True),
    InAppBrowser("Alipay", "alipayclient", re.compile(r"alipayclient/(\d[\d.]*)"), "AlipayClient/10.2.20.7000 Language/zh-Hans"),
    InAppBrowser("Alibaba AliApp", "aliapp(", re.compile(r"aliapp\([^/)]{0,40}/(\d[\d.]*)"), "AliApp(TUnionSDK/0.1.20.2)", is_never_agent=True),
    InAppBrowser("Google Search App", " gsa/", re.compile(r" gsa/(\d[\d.]*)"), "GSA/38.0.172903409 Mobile/15B150", is_never_agent=True),
    InAppBrowser("Google Gemini", "geminiios", re.compile(r"geminiios/(\d[\d.]*)"), "GoogleWv/1.0 (WKWebView) GeminiiOS/1.2025.4972302"),
    InAppBrowser("TikTok", "appname/musical_ly ", re.compile(r"appname/musical_ly app_version/(\d[\d.]*)"), "AppName/musical_ly app_version/36.3.3", is_agent=True),
    InAppBrowser("TikTok", "musical_ly", re.compile(r"musical_ly_(\d[\d.]*)"), "musical_ly_31.4.0 JsSdk/2.0", is_agent=True),
    InAppBrowser("Musically_GO", "musically_go", re.compile(r"musically_go app_version/(\d[\d.]*)"), "AppName/musically_go app_version/4.0.0", is_agent=True),
    InAppBrowser("Trill", "trill", re.compile(r"appname/trill app_version/(\d[\d.]*)"), "AppName/trill app_version/27.6.3", is_agent=True),
    InAppBrowser("Trill", "trill_", re.compile(r"trill_(\d[\d.]*)"), "trill_28.4.1 JsSdk/2.0", is_agent=True),
    InAppBrowser("Yahoo! JAPAN Browser", ".ybrowser/", re.compile(r"ybrowser/(\d[\d.]*)"), "YJApp-ANDROID jp.co.yahoo.android.ybrowser/3.8.8.4", is_agent=True),
    InAppBrowser("Yahoo! JAPAN", "yjapp-", re.compile(r"yjapp-\w{1,12} [\w.]{1,60}/(\d[\d.]*)"), "YJApp-IOS jp.co.yahoo.ipn.appli/4.47.0", is_agent=True),
    InAppBrowser("Pinterest", "[pinterest", re.compile(r"\[pinterest/\w{1,12}\]()"), "Mobile/15E148 [Pinterest/iOS]"),
    InAppBrowser("Twitter", "twitter", re.compile(r"twitter for \w{1,12}(?:/(\d[\d.]*))?"), "Mobile/15E148 Twitter for iPhone/9.30"),
    InAppBrowser("LinkedIn", "linkedinapp", re.compile(r"linkedinapp(?:/(\d[\d.]*))?"), "Mobile/15E148 [LinkedInApp]/9.27.2810"),
    InAppBrowser("Slack", "slack_", re.compile(r"slack_\w{1,12}(?:/(\d[\d.]*))?"), "Safari/537.36 Slack_SSB/4.29.149"),
    InAppBrowser("Mytheresa App", "mythapp", re.compile(r"mythapp \((\d[\d.]*)"), "Safari/537.36 mythapp (4.0.21.202000013 build 1)"),
    InAppBrowser("NAVER", "naver(inapp", re.compile(r"naver\(inapp;[^)]{0,40}; (\d[\d.]*)\)"), "NAVER(inapp; search; 1010; 11.22.5)"),
    InAppBrowser("Crosswalk", "crosswalk/", re.compile(r"crosswalk/(\d[\d.]*)"), "Crosswalk/27.102.0.17 Mobile Safari/537.36", is_never_agent=True),
)  # fmt: skip
_MARKS = tuple(app.mark for app in IN_APP_BROWSERS)


def find_in_app_browser(pieces: Pieces) -> tuple[InAppBrowser, NameVersion] | None:
    """Return the app that names itself, with the name and version that it gives."""
    lower = pieces.lower
    for app in IN_APP_BROWSERS:
        if app.mark in lower:
            match = app.pattern.search(lower)
            if match:
                code = match.groupdict().get("code")
                name = f"{app.name} {code}" if code else app.name
                versions = (group for group in match.groups() if group and group != code)
                return app, NameVersion(name, next(versions, None))
    return None


def is_android_webview(lower: str) -> bool:
    """Is it Android's web view? It says `; wv)` from 5.0 on, before that Version/4.0."""
    return (
        "chrome/" in lower and "android" in lower and ("; wv)" in lower or "version/4.0" in lower)
    )


def is_ios_webview(lower: str) -> bool:
    """Is it iOS's web view? Safari alone, of all on iOS, says `Safari/`, as do browsers."""
    return "applewebkit" in lower and "safari/" not in lower


def android_webview(pieces: Pieces) -> NameVersion:
    return NameVersion("Chrome Webview", pieces.version_of("Chrome"))


def ios_webview(pieces: Pieces) -> NameVersion:
    return NameVersion("WKWebView", pieces.version_of("AppleWebKit"))

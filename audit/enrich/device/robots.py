"""Recognizes robots, before anything else, since they carry the tokens of browsers.

Most say so: "bot", "crawler", "spider", a URL to read about them. A table names those that
don't, or that are known under another name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces, is_url
from .versions import NameVersion, split_version

# "CUBOT" is a phone, "Angebot" an offer; "Robotics" or "bottom" are none. YottaShopping_Bot/4.12, 80bot/0.71
_SAYS_SO = re.compile(
    r"(?<!cu)(?<!ange)bot(?![a-z])|bots(?![a-z])|crawl|spider(?!man)|slurp|scrap(?:er|y|ing)|\bscan(?:ner|s)?\b"
    r"|archiver|monitoring\b|\bprobe|synthetic|\bfetcher|\bchecker|linkcheck|validator\b|headlessbot"
    r"|\bpreview\b|crawl|\bseo|\bindexe[rs]|downloader\b"
)
_SAID = """
bot crawl spider slurp scrap scan archiver monitoring probe synthetic fetcher check validator preview
seo indexe downloader
"""
_WORDS = tuple(_SAID.split())
# An address to read about it: "(compatible; Qwantify/1.0; +https://www.qwant.com/)"
_ADDRESS = re.compile(r"https?[:%]|www\.|\+http")
# Of who runs it; "(via SuperhumanProxy; hello@superhuman.com)" stands in a person's browser too.
_MAIL = re.compile(r"\w@[a-z0-9\-]{1,64}\.[a-z]{2}")
_MARKS = ("http", "www.")
# A UA that is nothing but a domain: "panscient.com"
_DOMAIN = re.compile(
    r"([\w\-]{1,64})(?:\.[\w\-]{1,64}){0,3}\.(?:com|net|org|io|nl|de|eu|info)\b", re.IGNORECASE
)


class Robot(NamedTuple):
    """token: what its user agent holds, in small letters, with the version after a slash"""

    token: str
    name: str
    example: str


# App Engine fetches for an application: (+http://code.google.com/appengine; appid: s~snapchat-proxy)
_APP_ENGINE = re.compile(r"appid: (?:\w~)?([\w\-]{1,64})")
# Google-InspectionTool/1.0, Google-Adwords-DisplayAds-WebRender, Google-Extended
_GOOGLE = re.compile(r"\b(Google-[A-Z][A-Za-z\-]{1,60})(?:/([\d.]{1,20}))?")
# "(compatible; ThinkChaos/0.3.0; …)": nothing says a system
_SYSTEM = re.compile(
    r"msie|trident|windows|mac ?os|macintosh|linux|android|x11|iphone|ipad|konqueror|teleca|symbian|bsd|\bios\b"
)

ROBOTS = (
    Robot("adsbot-google-mobile-apps", "Google Mobile Apps", "AdsBot-Google-Mobile-Apps"),
    Robot("adsbot-google", "Google AdsBot", "AdsBot-Google (+http://www.google.com/adsbot.html)"),
    Robot("mediapartners-google", "Google AdSense crawler", "Mediapartners-Google"),
    Robot(
        "googleimageproxy", "Google Image Proxy", "Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    ),
    Robot("googlebot-image", "Googlebot-Image", "Googlebot-Image/1.0"),
    Robot("googlebot-news", "Googlebot-News", "Googlebot-News"),
    Robot("googlebot-video", "Googlebot-Video", "Googlebot-Video/1.0"),
    Robot("apis-google", "Google APIs", "APIs-Google (+https://developers.google.com/…)"),
    Robot(
        "google-hotelads", "Google Hotel Ads Verifier", "(compatible; Google-HotelAdsVerifier/2.0)"
    ),
    Robot("google favicon", "Google Favicon", "Chrome/49.0.2623.75 Safari/537.36 Google Favicon"),
    Robot("google web preview", "Google Web Preview", "(KHTML, like Gecko; Google Web Preview)"),
    Robot("google-searchbyimage", "Google Search by image", "(rv:1.9.0.7; Google-SearchByImage)"),
    Robot(
        "google page speed", "Google PageSpeed Insights", "Safari/537.36 Google Page Speed Insights"
    ),
    Robot(
        "google-read-aloud", "Google Read Aloud", "(compatible; Google-Read-Aloud; +https://g.co)"
    ),
    Robot("google-safety", "Google Safety", "(compatible; Google-Safety; +http://www.google.com)"),
    Robot("googleassociationservice", "Google Association Service", "GoogleAssociationService"),
    Robot(
        "googledocs; apps-presentations",
        "Google Docs Presentations",
        "(compatible; GoogleDocs; apps-presentations; +http://docs.google.com)",
    ),
    Robot(
        "googledocs; apps-spreadsheets",
        "Google Docs Spreadsheets",
        "(compatible; GoogleDocs; apps-spreadsheets; +http://docs.google.com)",
    ),
    Robot("kakaotalk-scrap", "KakaoTalk Scrap", "facebookexternalhit/1.1; kakaotalk-scrap/1.0"),
    Robot("facebookexternalhit", "Facebook-ExternalHit", "facebookexternalhit/1.1"),
    Robot("facebookcatalog", "Facebook Catalog", "facebookcatalog/1.0"),
    Robot("meta-externalagent", "Meta-ExternalAgent", "meta-externalagent/1.1 (+https://…)"),
    Robot(
        "ptst/speedcurve", "SpeedCurve WebpageTest", "Safari/537.36 PTST/SpeedCurve/190429.170455"
    ),
    Robot("ptst", "WebPageTest", "Chrome/56.0.2924.87 Safari/537.36 PTST/190429"),
    Robot(
        "catchpoint", "Catchpoint Analyzer", "(Windows NT 6.3; Trident/7.0; rv:11.0; Catchpoint)"
    ),
    Robot("pingdomtms", "Pingdom TMS", "Safari/534.34 PingdomTMS/0.8.5"),
    Robot("pingdompagespeed", "PingdomPageSpeed", "Chrome/61.0 Safari/537.36 PingdomPageSpeed/1.0"),
    Robot("bingpreview", "BingPreview", "Safari/537.36 Edge/12.0 BingPreview/1.0b"),
    Robot("microsoftpreview", "MicrosoftPreview", "(compatible; MicrosoftPreview/2.0)"),
    Robot("statuscake ssl", "StatusCake SSL Monitor", "(StatusCake SSL Monitor)"),
    Robot("statuscake", "StatusCake", "Chrome/31.0.1650.63 Safari/537.36 StatusCake"),
    Robot("ruxitsynthetic", "Ruxit Synthetic", "Safari/537.36 RuxitSynthetic/1.0 v6285531814"),
    Robot("datadogsynthetics", "Datadog Synthetics", "Safari/537.36 DatadogSynthetics"),
    Robot("y!j-wsc", "Yahoo! Japan WSC Bot", "(compatible; Y!J-WSC/1.0; +https://yahoo.jp/3BSZgF)"),
    Robot("y!j-asr", "Yahoo! Japan ASR Bot", "Y!J-ASR/0.1 crawler (http://www.yahoo-help.jp/)"),
    Robot("yadirectfetcher", "YandexDirectFetcher", "(compatible; YaDirectFetcher/1.0; Dyatel)"),
    Robot("datadog", "Datadog", "Datadog/Synthetics"),
    Robot("newrelicsynthetic", "New Relic Synthetics", "NewRelicSynthetics/1.0"),
    Robot("phantomjs", "PhantomJS", "AppleWebKit/534.34 PhantomJS/1.9.8 Safari/534.34"),
    Robot(
        "jsdom", "jsdom", "Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0"
    ),
    Robot("wkhtmltopdf", "WK HTML to PDF", "AppleWebKit/534.34 wkhtmltopdf Safari/534.34"),
    Robot("wkhtmltoimage", "WK HTML to image", "AppleWebKit/534.34 wkhtmltoimage Safari/534.34"),
    Robot("site-shot", "Site-Shot", "Site-Shot/2.1 (http://www.site-shot.com/) Safari/534.34"),
    Robot("chrome-lighthouse", "Chrome-Lighthouse", "Safari/537.36 Chrome-Lighthouse"),
    Robot("gtmetrix", "GTmetrix", "Chrome/117.0.0.0 Safari/537.36 GTmetrix"),
    Robot("yeti", "Yeti", "(compatible; Yeti/1.1; +https://naver.me/spd)"),
    Robot("dataprovider", "Dataprovider Robot", "Mozilla/5.0 (compatible; Dataprovider.com)"),
    Robot("ask jeeves", "Ask Jeeves", "Mozilla/2.0 (compatible; Ask Jeeves/Teoma)"),
    Robot("zgrab", "Zgrab", "Mozilla/5.0 zgrab/0.x"),
    Robot("xpanse", "Expanse Bot", "Xpanse, a Palo Alto Networks company"),
    Robot(
        "netsystemsresearch", "NetSystemsResearch", "NetSystemsResearch studies the availability"
    ),
    Robot("kube-probe", "Kube-Probe", "kube-probe/1.10"),
    Robot("chatgpt-user", "ChatGPT-User", "compatible; ChatGPT-User/1.0; +https://openai.com/bot"),
    Robot(
        "claude-user", "Claude-User", "(compatible; Claude-User/1.0; +Claude-User@anthropic.com)"
    ),
    Robot("gnowitnewsbot", "Gnowit Newsbot", "Firefox/8.8.8 / GnowitNewsbot / Contact information"),
    Robot("pocketparser", "Pocket Parser", "PocketParser/2.0 (+https://getpocket.com)"),
    Robot("heritrix", "heritrix", "Mozilla/5.0 (compatible; heritrix/3.1.1 +http://archive.org)"),
    Robot("whatsapp-preview", "WhatsApp Preview", "WhatsApp-Preview/2.0"),
    Robot("ia_archiver", "ia_archiver", "ia_archiver (+http://www.alexa.com/site/help/)"),
    Robot("uptimerobot", "UptimeRobot", "Mozilla/5.0+(compatible; UptimeRobot/2.0)"),
    Robot("hubspot webcrawler", "HubSpot Webcrawler", "Safari/537.36 HubSpot Webcrawler"),
)
_BROWSERS = ("mozilla", "opera")
_VERSION = re.compile(r"[^\s/;,()]*(?:/| v?(?=\d))([^\s;,()]{1,64})")
_TAIL = re.compile(r"[\w\-]*")
# What stands in a robot's comment and is not its name.
_NO_NAME = re.compile(
    r"compatible|mozilla|windows|macintosh|x11|linux|android|iphone|ipad|cpu |msie|trident|u$|rv:"
    r"|khtml|like gecko|applewebkit|chrome|safari|version|mobile|gecko|firefox|build|intel(?: mac|$)|wow64"
    r"|win64|x64|arm|touch|nokia|en|unknown|edge|edg|electron|chromium|opr|java",
)


def find_robot(pieces: Pieces) -> NameVersion | None:
    """Return the robot's name and version, or None where nothing says that it is one."""
    lower = pieces.lower
    for robot in ROBOTS:
        if robot.token in lower:
            version = _VERSION.match(lower, lower.index(robot.token) + len(robot.token))
            return NameVersion(robot.name, version[1] if version else None)
    if "appid:" in lower and (application := _APP_ENGINE.search(lower)):
        return NameVersion(application[1], None)
    if "google-" in lower and (google := _GOOGLE.search(pieces.text)):
        return NameVersion(google[1], google[2])
    if "cfnetwork/" in lower:  # an app on an Apple device, whatever it is called
        return None
    if _says_so(lower) or _is_described(pieces) or _is_compatible_alone(pieces):
        return _name(pieces)
    return None


def _is_compatible_alone(pieces: Pieces) -> bool:
    if "like gecko; compatible;" in pieces.lower:
        return True
    return "(compatible;" in pieces.lower and _SYSTEM.search(pieces.lower) is None


def _says_so(lower: str) -> bool:
    # The words alone first: they are found many times faster than the expression.
    return any(word in lower for word in _WORDS) and _SAYS_SO.search(lower) is not None


def _is_described(pieces: Pieces) -> bool:
    lower = pieces.lower
    if any(mark in lower for mark in _MARKS) and _ADDRESS.search(lower):
        return True
    if "@" in lower and _SYSTEM.search(lower) is None and _MAIL.search(lower):
        return True
    return _is_domain(pieces)


def _is_domain(pieces: Pieces) -> bool:
    return "/" not in pieces.text[:64] and _DOMAIN.match(pieces.lower) is not None


def _name(pieces: Pieces) -> NameVersion:
    if _is_domain(pieces) and (domain := _DOMAIN.match(pieces.text)):
        return NameVersion(domain[1], None)
    candidates = _candidates(pieces)
    for named in candidates:
        if _SAYS_SO.search(f"{named.name}/{named.version}".lower()):
            return named
    return candidates[0] if candidates else NameVersion(None, None)


def _candidates(pieces: Pieces) -> list[NameVersion]:
    """Return what may be its name: first where it says "compatible", then what stands outside."""
    found: list[NameVersion] = []
    inside = [
        named
        for comment in pieces.comments
        for field in comment
        if (named := _field(field)) is not None
    ]
    if not pieces.lower.startswith(_BROWSERS):
        lead = split_version(pieces.outside)
        if lead.name and not is_url(lead.name):
            found.append(lead)
    found += inside
    run: list[str] = []
    for product in pieces.products:
        if _NO_NAME.match(product.name.lower()) or product.name in "-/":
            run = []
            continue
        run.append(product.name)
        if product.version or _SAYS_SO.search(product.name.lower()):
            found.append(NameVersion(" ".join(run), product.version))
            run = []
    if run:
        found.append(NameVersion(" ".join(run), None))
    return found


def _field(field: str) -> NameVersion | None:
    """`YandexBot/3.0` → its name and version; None where the field is no name."""
    text = field.partition("(")[0].strip()
    if not text or is_url(text.split()[0]) or _NO_NAME.match(text.lower()):
        return None
    return split_version(text)

"""Finds the browser by its product's name, since every browser also carries those of others."""

from __future__ import annotations

import re
from typing import NamedTuple

from .pieces import Pieces, Product
from .versions import NameVersion


class Agent(NamedTuple):
    """token: its product's name, in small letters

    is_whole: it is a browser by itself where it draws with Android's web view too; others are
        then apps with an in-app browser
    maker: that stands before its name where it is an in-app browser, too
    """

    token: str
    name: str
    example: str
    is_whole: bool = False
    maker: str = ""


# In this order: the first that is there is it.
AGENTS = (
    Agent("oculusbrowser", "OculusBrowser", "OculusBrowser/22.2 SamsungBrowser/4.0 Chrome/102.0"),
    Agent("thunderbird", "Thunderbird", "Gecko/20100101 Firefox/115.0 Thunderbird/115.8.0"),
    Agent("seamonkey", "SeaMonkey", "Gecko/20110429 Firefox/2.0.14 SeaMonkey/2.0.14"),
    Agent("palemoon", "Pale Moon", "Goanna/4.8 Firefox/68.0 PaleMoon/29.4.0"),
    Agent("waterfox", "Waterfox", "Gecko/20100101 Firefox/56.2 Waterfox/56.2.14"),
    Agent("basilisk", "Basilisk", "Gecko/20100101 Firefox/60.9 Basilisk/20190302"),
    Agent("iceweasel", "Iceweasel", "Gecko/20100101 Firefox/38.0 Iceweasel/38.8.0"),
    Agent("k-meleon", "K-Meleon", "Gecko/20100101 Firefox/31.0 K-Meleon/75.0"),
    Agent("xulfx", "Xulfx", "Gecko/20100101 Xulfx/5.0.0.0"),
    Agent("qwantios", "Qwant", "AppleWebKit/605.1.15 QwantiOS/2.7.0b1 Mobile/15E148 Safari/605.1.15"),
    Agent("qwantmobile", "Qwant", "QwantMobile/3.0 Gecko/67.0 Firefox/65.0 QwantBrowser/67.0.4"),
    Agent("qwantbrowser", "Qwant", "Gecko/67.0 Firefox/65.0 QwantBrowser/67.0.4"),
    Agent("oprgx", "Opera GX", "Safari/537.36 OPR/60.0.3255.50962 OPRGX/60.0.3255.50962"),
    Agent("opx", "Opera GX", "Version/16.0 Mobile/15E148 Safari/604.1 OPX/1.8.0"),
    Agent("opt", "Opera Touch", "Mobile/15E148 Safari/604.1 OPT/4.1.1", is_whole=True),
    Agent("opios", "Opera Mini", "OPiOS/16.0.15.124050 Mobile/15E148 Safari/9537.53", is_whole=True),
    Agent("opr", "Opera", "Chrome/99.0.4844.84 Safari/537.36 OPR/85.0.4341.60", is_whole=True),
    Agent("coc_coc_browser", "Coc Coc Browser", "coc_coc_browser/80.0.180 Chrome/74.0.3729.180"),
    Agent("yabrowser", "Yandex Browser", "Chrome/66.0.3359.181 YaBrowser/18.6.0.683.00 Safari/537.36"),
    Agent("vivaldi", "Vivaldi", "Chrome/75.0.3770.145 Safari/537.36 Vivaldi/2.6.1566.49"),
    Agent("whale", "Whale", "Chrome/102.0.5005.189 Whale/1.0.0.0 Safari/537.36", is_whole=True),
    Agent("xiaomi miuibrowser", "Mi Browser", "Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.3.0-gn", is_whole=True, maker="XiaoMi"),
    Agent("miuibrowser", "Mi Browser", "Mobile Safari/537.36 MiuiBrowser/4.3", is_whole=True),
    Agent("ucbrowser", "UCBrowser", "Chrome/57.0 UCBrowser/12.1.2.1096 Mobile", is_whole=True),
    Agent("ucbrowserhd", "UCBrowser", "Version/4.0 UCBrowserHD/3.3 Safari/534.30", is_whole=True),
    Agent("ucmobile", "UCBrowser", "Chrome/123.0.6312.80 UCMobile/15.0.7.1277", is_whole=True),
    Agent("ubrowser", "UCBrowser", "Chrome/50.0.2661.102 UBrowser/5.7.14488.1025 Safari/537.36"),
    Agent("yasearchbrowser", "Yandex Browser", "Chrome/110.0.0.0 YaSearchBrowser/23.36.1"),
    Agent("sailfishbrowser", "SailfishBrowser", "Gecko/45.0 Firefox/45.0 SailfishBrowser/1.0"),
    Agent("heytapbrowser", "HeyTapBrowser", "Chrome/77.0 Mobile Safari/537.36 HeyTapBrowser/45.7.0.1"),
    Agent("huaweibrowser", "Huawei Browser", "Chrome/78.0 HuaweiBrowser/11.0.3 Mobile Safari/537.36"),
    Agent("mqqbrowser", "QQ Browser", "Version/10.0 MQQBrowser/7.2.1 Mobile/14A456", is_whole=True),
    Agent("qqbrowser", "QQ Browser", "Chrome/70.0 Safari/537.36 QQBrowser/10.5.3863"),
    Agent("bidubrowser", "Baidu Browser", "Chrome/47.0 BIDUBrowser/8.7 Safari/537.36"),
    Agent("samsungbrowser", "SamsungBrowser", "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile"),
    Agent("silk", "Silk", "Silk/87.2.4 like Chrome/87.0.4280.141 Safari/537.36"),
    Agent("puffin", "Puffin", "Chrome/45.0 Mobile Safari/537.36 Puffin/4.7.4.2567AP"),
    Agent("maxthon", "Maxthon", "Maxthon/5.0 Chrome/55.0 Safari/537.36"),
    Agent("mxbrowser", "Maxthon", "Chrome/55.0 Mobile Safari/537.36 MxBrowser/4.5.10"),
    Agent("iron", "Iron", "Chrome/50.0 Iron/50.0.2750.0 Safari/537.36"),
    Agent("brave", "Brave", "Chrome/65.0.3325.109 Brave/1.2 Safari/537.36"),
    Agent("edgios", "Edge", "Version/15.0 EdgiOS/100.0.1185.50 Mobile/15E148 Safari/604.1"),
    Agent("edga", "Edge", "Chrome/114.0.0.0 Mobile Safari/537.36 EdgA/114.0.1823.41"),
    Agent("edgw", "Edge Webview", "Chrome/84.0.4147.89 Mobile Safari/537.36 EdgW/1.0", is_whole=True),
    Agent("edg", "Edge", "Chrome/83.0.4103.97 Safari/537.36 Edg/83.0.478.45"),
    Agent("edge", "Edge", "Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763"),
    Agent("klar", "Klar", "Version/4.0 Klar/1.0 Chrome/58.0.3029.83 Mobile Safari/537.36"),
    Agent("focus", "Firefox Focus", "Focus/3.0.1 Mobile/14E5230e"),
    Agent("fxios", "Firefox", "FxiOS/1.2 Mobile/13C75 Safari/601.1.46"),
    Agent("ddg", "DuckDuckGo", "Version/17.4 Mobile/15E148 Safari/604.1 Ddg/17.4"),
    Agent("duckduckgo", "DuckDuckGo", "Version/4.0 Chrome/74.0.3729.136 DuckDuckGo/5"),
    Agent("crios", "Chrome", "CriOS/77.0.3865.103 Mobile/15E148 Safari/605.1"),
    Agent("worxweb", "Citrix WorxWeb", "Version/17.0 WorxWeb/24.9.0 Mobile/21G93 Safari/605.1"),
    Agent("fscdcsafe", "F-Secure", "FSCDCSafe/20.0.290702 Mobile/15E148 Version/16.3.1"),
    Agent("zohomail-desktop", "Zoho Mail", "ZohoMail-Desktop/1.6.0 Chrome/116.0.5845.228 Electron/26.3.0"),
    Agent("newtonmail", "Newton", "NewtonMail/10.0.70 Chrome/87.0.4280.141 Electron/11.4.8"),
    Agent("fastmailua", "Fastmail", "Chrome/118.0.5993.117 Safari/537.36 FastmailUA/1.0"),
    Agent("epiphany", "Epiphany", "Version/11.0 Safari/605.1.15 Epiphany/3.18.11"),
    Agent("falkon", "Falkon", "QtWebEngine/5.15 Falkon/3.1.0 Chrome/87.0 Safari/537.36"),
    Agent("konqueror", "Konqueror", "Konqueror/5.0 Chrome/83.0 Safari/537.36"),
    Agent("luakit", "Luakit", "WebKitGTK+/2.4.2 luakit/2012.09.13"),
    Agent("tbrowser", "Tbrowser", "Safari/537.36 Tbrowser/2.0"),
    Agent("kodi", "Kodi", "Kodi/17.6 Version/17.6-Git:20171114"),
    Agent("lunascape", "Lunascape", "Lunascape/6.15"),
    Agent("chromium", "Chromium", "Ubuntu Chromium/63.0.3239.84 Chrome/63.0.3239.84"),
    Agent("firefox", "Firefox", "Gecko/20100101 Firefox/93.0"),
    Agent("fennec", "Firefox", "Gecko/10.0 Fennec/10.0"),
)  # fmt: skip
# Names that may stand without a version of their own: "Brave Chrome/65.0.3325.109"
ALSO_BARE = frozenset(("brave", "iron", "luakit", "vivaldi"))
_BY_TOKEN = {agent.token: place for place, agent in reversed(list(enumerate(AGENTS)))}
_TOKENS = frozenset(_BY_TOKEN)

# What Edge calls itself, beside the version of its engine: Edge/18.17763 is Edge 44.
EDGE_OF_EDGEHTML = {
    "12": "20",
    "13": "25",
    "14": "38",
    "15": "40",
    "16": "41",
    "17": "42",
    "18": "44",
}

# Products that say how, not who: their presence names no browser.
_HOW = """
.net abi agent android app_bitness app_version applecoremedia applewebkit appname appskin apptheme
arch build bytedancewebview bytefulllocale bytelocal bytelocale carrier ce-html centos cfnetwork
channel chrome clr colt compatible core cpu cronet crosswalk dalvik darwin debian device deviceuid
electron embeddedbrowser en falcontag fb_iab fban fbav fbbd fbbv fbca fbcr fbdm fbdv fbid fblc
fbmd fbmf fbop fbpn fbrv fbsn fbss fbsv fedora framework fxm gecko gentoo googlewv gsi gz gzip
hbbtv headlesschrome hybridlocal iab infopath ipad iphone ipod isdarkmode java jssdk kaios khtml
language larklocale lightspeed like linux mac_powerpc macintosh mint mmpay mmwebid mmwebsdk mobile
mobile/10 model mozilla mttcustomua nebula net netcast netfx nettype nt okhttp omi opensuse os pb
pixel presto process qbwebviewtype qtwebengine raspbian region revealtype sa safari safari_version
salesforcemobilesdk scale smart-tv smarthub smarttv smarttva suse sx sys_cpu tablet tbs trident
ttwebview tungsten tv u u2 u3 ubuntu ucweb ultralite version vr vstvb webappmanager webkit
webkitgtk+ webviewtype wechat weixin win64 windows wktype wkwebview wow64 x11 xwhale yowser zeasn
"""
SAY_NOTHING = frozenset(_HOW.split())
# Windows NT 6.1; WOW64; Trident/7.0; rv:11.0
_RV = re.compile(r"\brv[: ]{1,2}(\d[\d.]*)")
_MSIE = re.compile(r"msie ?(\d[\d.]*)")
_TRIDENT = re.compile(r"trident/(\d+)")
TRIDENT_BEHIND = 4  # Internet Explorer 11 draws with Trident 7
# An agent of Internet Explorer's times, in its comment: "Lunascape 6.15.2.27564", "Zune 4.0"
_IN_COMMENT = re.compile(
    r"(microsoft outlook|microsoft word|microsoft excel|microsoft powerpoint|lunascape|maxthon|zune|avant browser|tencenttraveler|theworld)[ /]?([\d.]*)"
)
# In a comment of today's: (Ecosia android@101.0.4951.41), (Android 10; Mobile; Ghostery:3.0)
_NAMED_IN_COMMENT = re.compile(
    r"\b(ecosia) \w{1,12}@([\d.]+)|\b(ghostery):([\d.]+)|\b(airwatch browser) v?([\d.]+)"
)
# Chrome/58.0.3029.110 Safari/537.36 SE 2.X MetaSr 1.0
_SOGOU = re.compile(r"\bse (\d[\w.]{0,8}) metasr")
# "Version/KPN_Veilig 18.5.274904 18.5.274904 13.0 Safari/605.1.15"
_LEAD = re.compile(r"([A-Za-z][\w.\-]{2,40}) ")
_COVERED = re.compile(r"\bVersion/([A-Za-z]\w{1,40}) (\d[\d.]{0,30})")
_QIHOO = re.compile(r"qihu (360[es]e|360ent)|(360[es]e)\b")
_LETTER = re.compile(r"[^\W\d_]")


def find_browser(pieces: Pieces) -> tuple[Agent, str | None] | None:
    """Return the browser that names itself, with its version."""
    best: tuple[int, Product] | None = None
    if pieces.words & _TOKENS:
        for product in pieces.products:
            place = _BY_TOKEN.get(product.name.lower())
            if (
                place is not None
                and (product.version or product.name.lower() in ALSO_BARE)
                and (best is None or place < best[0])
            ):
                best = place, product
    if best:
        agent, version = AGENTS[best[0]], best[1].version
        return agent, version or pieces.version_of("Chrome")
    return None


def find_in_comment(pieces: Pieces) -> NameVersion | None:
    """Return a browser that names itself in a comment only."""
    lower = pieces.lower
    if "metasr" in lower and (sogou := _SOGOU.search(lower)):
        return NameVersion("Sogou Explorer", sogou[1])
    if not any(mark in lower for mark in ("ecosia", "ghostery", "airwatch")):
        return None
    match = _NAMED_IN_COMMENT.search(lower)
    if match is None:
        return None
    name, version = (group for group in match.groups() if group)
    return NameVersion(name.title(), version)


def find_unknown(pieces: Pieces) -> NameVersion | None:
    """Return the first product that no table knows, after the engine before it is looked for."""
    before: NameVersion | None = None
    if covered := _COVERED.search(pieces.outside):
        place = _BY_TOKEN.get(covered[1].lower())
        return NameVersion(covered[1] if place is None else AGENTS[place].name, covered[2])
    lead = pieces.text.partition("Mozilla/")[0]
    if lead and "/" not in lead and (named := _LEAD.match(lead)):
        return NameVersion(named[1], None)  # ntvmobil iPhone 6.35 Mozilla/5.0 (iPhone; …
    run: list[str] = []
    is_after_engine = False
    for product in pieces.products:
        name = product.name.lower()
        if name == "applewebkit" or name == "gecko":
            is_after_engine = True
        if name in SAY_NOTHING or name in _TOKENS or not _LETTER.search(name):
            if len(run) > 1 and all(word[0].isupper() for word in run):
                before = before or NameVersion(
                    " ".join(run), None
                )  # Kobo Desktop Edition Safari/538.1
            run = []
            continue
        run.append(product.name)
        if not product.version or not any(letter.isdigit() for letter in product.version):
            continue
        found = NameVersion(" ".join(run[-3:]), product.version)
        if is_after_engine:
            return found
        before = before or found
        run = []
    return before


def find_explorer(pieces: Pieces) -> NameVersion:
    """Return Internet Explorer, or what was built on it, of a user agent with Trident."""
    lower = pieces.lower
    qihoo = _QIHOO.search(lower)
    if qihoo:
        return NameVersion("Qihoo 360 Safe Browser", qihoo[1] or qihoo[2])
    inside = _IN_COMMENT.search(lower)
    if inside:
        return NameVersion(inside[1].title(), inside[2] or None)
    msie, rv, trident = _MSIE.search(lower), _RV.search(lower), _TRIDENT.search(lower)
    version = msie[1] if msie else rv[1] if rv else None
    if msie and trident:  # an old version in compatibility view: MSIE 7.0 … Trident/5.0 is 9
        real = int(trident[1][:3]) + TRIDENT_BEHIND
        if real > int((version or "0").partition(".")[0][:6] or 0):
            version = f"{real}.0"
    return NameVersion("Internet Explorer", version)


def find_generic(pieces: Pieces) -> NameVersion:
    """Return Chrome or Safari: what a browser is that says nothing else."""
    if "qihu" in pieces.lower:
        return find_explorer(pieces)
    for token in ("chrome", "headlesschrome"):
        if token in pieces.words:
            return NameVersion("Chrome", pieces.version_of(token))
    if "safari" in pieces.words:
        version = pieces.version_of("Version")
        if "android" in pieces.lower:
            return NameVersion("Android Browser", version)
        return NameVersion("Safari", version or pieces.version_of("Safari"))
    if "applewebkit" in pieces.words:
        return NameVersion("AppleWebKit", pieces.version_of("AppleWebKit"))
    return NameVersion(None, None)

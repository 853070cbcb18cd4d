"""Finds the brand of a model by how makers number their models.

`SM-G960F` says Samsung as surely as the word does. A row stands for a family, never for one
device; what no row knows is asked of ua-parser, which knows many single ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from . import uap


class Brand(NamedTuple):
    """pattern: of the beginning of a model, in any case; example: a model that it holds for"""

    name: str
    pattern: str
    example: str


# A model that begins with its brand's name, which is then left out of the device's name.
BRAND_WORDS = {
    "acer": "Acer", "alcatel": "Alcatel", "allview": "Allview", "amazon": "Amazon",
    "archos": "Archos", "asus": "Asus", "blackberry": "BlackBerry", "blackview": "Blackview",
    "blu": "BLU", "bq": "BQ", "cat": "CAT", "condor": "Condor", "coolpad": "Coolpad",
    "cubot": "Cubot", "doogee": "Doogee", "doro": "Doro", "emporia": "Emporia",
    "energizer": "Energizer", "essential": "Essential", "evercoss": "Evercoss",
    "fairphone": "Fairphone", "fp": "Fairphone", "fly": "Fly", "general": "General Mobile",
    "gigaset": "Gigaset", "gionee": "Gionee", "google": "Google", "hisense": "Hisense",
    "honor": "Huawei", "hp": "HP", "htc": "HTC", "huawei": "Huawei", "i-mobile": "i-mobile",
    "infinix": "Infinix", "intex": "Intex", "itel": "Itel", "karbonn": "Karbonn",
    "lava": "Lava", "leagoo": "Leagoo", "lenovo": "Lenovo", "lg": "LG", "lge": "LG",
    "lyf": "LYF", "medion": "Medion", "meizu": "Meizu", "micromax": "Micromax",
    "microsoft": "Microsoft", "mobistel": "Mobistel", "motorola": "Motorola", "moto": "Motorola",
    "nokia": "Nokia", "nothing": "Nothing", "nubia": "ZTE", "nvidia": "Nvidia",
    "odys": "Odys", "oneplus": "OnePlus", "oppo": "Oppo", "oukitel": "Oukitel",
    "panasonic": "Panasonic", "philips": "Philips", "polaroid": "Polaroid", "poco": "Xiaomi",
    "positivo": "Positivo", "prestigio": "Prestigio", "raspberry": "Raspberry",
    "realme": "Realme", "redmi": "Xiaomi", "samsung": "Samsung", "sharp": "Sharp",
    "siemens": "Siemens", "smartisan": "Smartisan", "sony": "Sony", "sonyericsson": "Sony",
    "symphony": "Symphony", "tcl": "TCL", "tecno": "Tecno", "teclast": "Teclast",
    "tesla": "Tesla", "tiq": "TIQ", "toshiba": "Toshiba", "trekstor": "TrekStor",
    "ulefone": "Ulefone", "umidigi": "UMIDIGI", "vertu": "Vertu", "vestel": "Vestel",
    "vivo": "Vivo", "vodafone": "Vodafone", "wiko": "Wiko", "wileyfox": "Wileyfox",
    "xiaomi": "Xiaomi", "yota": "Yota", "zte": "ZTE", "zuk": "ZUK",
}  # fmt: skip

# Those words that say the brand and are part of the device's name too: "Redmi Note 8".
PART_OF_NAME = frozenset(("redmi", "poco", "moto", "fp", "nubia", "general", "honor"))

BRANDS = (
    Brand("Samsung", r"(?:sm|gt|sgh|sch|sph|shv|shw|ek|yp)-\w\d?|galaxy|exynos", "SM-G960F"),
    Brand("Samsung", r"sc-\d\d[a-z]|sc[gv]\d\d|sgp?-[tin]", "SC-03L"),
    Brand("Google", r"pixel|nexus [456s]|nexus 5x|nexus$|android sdk|sdk_gphone|sdk gphone|g9s9b", "Pixel 8 Pro"),
    Brand("Google", r"chromecast|nexus player|nexus 10|nexus 7|nexus", "Nexus 7"),
    Brand("LG", r"lm-[a-z]|lg-|lgm-|lgls|lgus|lg[a-z]\d|vs\d{3}|vk\d{3}|dm-\d\d|l-\d\d[a-z]|optimus", "LM-Q710(FGN)"),
    Brand("Motorola", r"xt\d{3,4}|moto |motorola|mot-|droid|mb\d{3}|milestone|edge \d\d", "XT1069"),
    Brand("Oppo", r"cph\d{4}|p[a-h][a-z]{2}\d0|oppo|r\d{1,2}s?(?:plus)?$|f1f|a\d\d[fm]$|x9\d{3}|r7\w", "CPH2293"),
    Brand("Realme", r"rmx\d{4}|realme", "RMX2001"),
    Brand("OnePlus", r"oneplus|one a200\d|(?:ac|be|bn|dn|eb|gm|hd|in|iv|kb|le|ne|ph|cp)\d{4}$", "GM1913"),
    Brand("Vivo", r"vivo|v\d{4}[a-z]{1,2}$|i[12]\d{3}$", "V1824A"),
    Brand("Xiaomi", r"mi[ \-](?:\d|a\d|max|mix|note|pad|play|cc|se|one)|mi-|mix |miui|hm ?(?:note|\d)|redmi|poco|pocophone|black shark|shark", "MI 9 SE"),
    Brand("Xiaomi", r"m\d{4}[a-z]\d\w+|201[3-6]\d{3,4}$|2\d{3}[0-1]\d?[a-z0-9]{4,8}$|2[0-9]\d{5,9}[a-z]{1,3}$|mitv|mibox|mi ?tv", "M2006C3MNG"),
    Brand("Sony", r"xq-[a-z]{2}\d\d|so-\d\d[a-z]|sov\d\d|sog\d\d|xperia|\d{3}so$|sgp\d{3}|bravia|a\d{3}so$", "XQ-AS72"),
    Brand("Sony", r"[defghij]\d{4}$|c(?:1[56]|2[01]|5[35]|6[5689])\d\d$|lt\d\d[a-z]|st\d\d[a-z]$|lt\d\d|mt\d\d[a-z]$|so\d\d[a-z]", "F8332"),
    Brand("Nokia", r"ta-\d{4}|nokia|lumia|nokia_|rm-\d{3,4}", "TA-1000"),
    Brand("HTC", r"htc|desire|pc36100|adr6|one m\d|2pq|2ps|0p6b|htv\d\d", "Desire 530"),
    Brand("Lenovo", r"lenovo|tb[\-\d]|tab ?m\d|yoga|yt-|yt3|pb[12]-|ideatab|a\d{4}-?[afhl]{1,2}$|k\d\d[a-z]\d\d|zuk", "TB-X505F"),
    Brand("Asus", r"asus|zenfone|zenpad|z[ecbaxs]\d{3}[kcmt][lg]|zc\d{3}|za\d{3}|zb\d{3}|p0\d\d|p0[0-2][a-z]|z0\d[a-z]|x0\d[a-z]{1,3}|t00[a-z]|k0\d\w|i0\d\d|ai2\d{3}|transformer", "ZE553KL"),
    Brand("Amazon", r"kf[a-z]{2,5}$|aft[a-z0-9]{1,8}$|aeo[a-z]+$|sd4930ur|kindle|fire", "KFONWI"),
    Brand("Alcatel", r"alcatel|one ?touch|\d{4}[adgkuwxy](?:_\w+)?$|80\d\d$|90\d\d$|50\d\d$|70\d\d$|60\d\d$", "5059D"),
    Brand("Huawei", r"huawei|honor|mediapad|ideos|ascend|mate ?\d|nova \d|p\d0 (?:pro|lite)|nexus 6p|u8\d{3}|hw-", "HUAWEI VNS-DL00"),
    Brand("Huawei", r"(?:ags|bah|bg2|bzt|cmr|dby|jdn|kob|m\d|mrx|sca|sht|vrd|wgr|got|btk)\d?-", "BAH3-W09"),
    Brand("General Mobile", r"gm ?\d|gm-|discovery|general mobile", "GM 5 Plus d"),
    Brand("Meizu", r"mz-|meizu|m\d{3}[a-z]$|pro \d|mx\d|m\d note|m\d{3}[qy]", "MZ-MEIZU_M5"),
    Brand("ZTE", r"zte|nx\d{3}[a-z]|blade|axon|a20\d\dg?|n9\d{3}|z\d{3}[a-z]?$|nubia|k88", "NX609J"),
    Brand("Smartisan", r"sm\d{3}$|smartisan|dt19|od103|de106|dt20", "SM801"),
    Brand("Wiko", r"wiko|rainbow|lenny|pulp|u feel|jerry|sunny|robby|tommy|fever|highway|k-k\w+|w-[kpv]\w+|w_[kp]\w+|view(?: ?\d|$| prime| xl| lite| max| go)|freddy|harry|kenny|ridge|slide|getaway|upulse|u pulse|goa|bloom|darknight", "LENNY3"),
    Brand("CAT", r"s[3-6][0-2](?: pro)?$|s48c|s22 flip|b[12]5\b|s75", "S60"),
    Brand("Fairphone", r"fp\d|fairphone", "FP3"),
    Brand("Nothing", r"a06\d|a142|nothing", "A063"),
    Brand("Tecno", r"tecno|(?:c[a-m]|k[a-m]|l[a-e]|b[a-f]|a[b-e])\d[a-z]?$", "KC3"),
    Brand("Infinix", r"infinix|x6\d\d[a-z]?$|x[56]\d{2,3}", "Infinix X688B"),
    Brand("Itel", r"itel", "itel A56"),
    Brand("TCL", r"t\d{3}[a-z]{1,2}(?:_\w+)?$|tcl|9\d{3}[gx]$", "T671H"),
    Brand("Sharp", r"sh-\w\d|shv\d\d|shg\d\d|\d{3}sh$|aquos|sharp|fs8\d{3}", "SH-01L"),
    Brand("Kyocera", r"kyocera|kyv\d\d|kyf\d\d|kyg\d\d|\d{3}kc$|e[46]\d{3}$|digno|urbano", "KYV43"),
    Brand("Fujitsu", r"f-\d\d[a-z]|arrows|fjl\d\d|m0[2-5]$", "F-04J"),
    Brand("Panasonic", r"panasonic|p-\d\d[a-z]|eluga|fz-[a-z]\d|kt-", "FZ-N1"),
    Brand("NEC", r"n-\d\d[a-z]|pc-te|lavie", "N-01D"),
    Brand("BlackBerry", r"bb[a-f]\d{3}|stv100|sth100|stha|stv|bb10|playbook|leap$|z10|z30|passport$", "BBB100-1"),
    Brand("Oculus", r"quest|pacific|oculus", "Quest 2"),
    Brand("BQ", r"aquaris|bq", "Aquaris X"),
    Brand("Acer", r"[ab][1-9]-[a-z0-9]\d{2}|a[57][01]\d\b|acer|iconia|b3-a|a3-a", "B3-A40"),
    Brand("Archos", r"archos|ac\d{2,3}", "Archos 50 Platinum"),
    Brand("Nvidia", r"shield|nvidia", "SHIELD Android TV"),
    Brand("HP", r"hp |slate", "HP Slate 7"),
    Brand("Essential", r"ph-1", "PH-1"),
    Brand("Razer", r"phone \d?$|razer", "Razer Phone 2"),
    Brand("Odys", r"odys|element\d|element_?10", "element10_plus_3g"),
    Brand("Positivo", r"positivo|twist", "Twist Tab"),
    Brand("MediaTek", r"mt\d{4}", "MT6737"),
    Brand("Zebra", r"tc\d{2}[a-z]?$|mc\d{2}|et\d{2}|zebra", "TC52"),
    Brand("Honeywell", r"ct[4-9]\d(?:xp)?$|eda\d{2}|cn\d{2}|honeywell", "CT60"),
    Brand("Doro", r"doro|dsb-", "Doro 8030"),
    Brand("LeEco", r"le ?x\d{3}|lex\d{3}|letv|le (?:max|pro|2|s3)", "LEX720"),
    Brand("Lava", r"lava|iris|z\d\d_?s?$", "iris50"),
    Brand("Micromax", r"micromax|canvas|aq\d{4}", "Micromax Q402"),
    Brand("Hisense", r"hs-|hisense|h[lr]te|hitv", "HS-U980"),
    Brand("Kyocera", r"c51\d\d", "C5155"),
    Brand("Cubot", r"cubot", "CUBOT_P20"),
    # Last: three letters of the model, then its market. Others' numbers look alike.
    Brand("Huawei", r"h\d0-[lctu]\d\d|[a-z]{2,3}\d?-(?:[a-z]?l|t|u|lx|al|tl|cl|ul|an|tn|nx|w|bx|dl|tw|l|n|m)\d{1,3}[a-z]{0,2}\b|[a-z]{3}-[wln]\d\d|[a-z]{3,4}\d?-[a-z]{1,2}\d{1,2}[a-z]{0,2}$", "ANE-LX1"),
)  # fmt: skip
_ANY = re.compile("|".join(f"({brand.pattern})" for brand in BRANDS), re.IGNORECASE)
# The word that a model begins with: CUBOT_P20, ASUS_X00LD, MZ-MEIZU_M5
_FIRST_WORD = re.compile(r"([a-z]+(?:-mobile)?)(?:[ _\-]+|$)", re.IGNORECASE)
# A capitalised word, then others, of which one has a digit
_NAME_AND_NUMBER = re.compile(r"([A-Z][A-Za-z]{2,20})[ _][^\d]{0,40}\d")
_COMMON = """
android tablet tab phone smart mobile unknown device model generic full aosp custom virtual build note
plus pro max mini desire galaxy one mate nova le redmi
"""
_NO_BRANDS = frozenset(_COMMON.split())
# Build/HUAWEIANE-L21, Build/HONORHLK-AL00
_BUILD = re.compile(r"(huawei|honor|samsung|lenovo|xiaomi|vivo|oppo|meizu|tecno|infinix)", re.I)


@lru_cache(maxsize=8_192)
def brand_of(model: str, build: str = "") -> str | None:
    """Return the brand of a model. build: what follows `Build/`, which some makers begin with
    their name.
    """
    word = _FIRST_WORD.match(model)
    if word and word[1].lower() in BRAND_WORDS:
        return BRAND_WORDS[word[1].lower()]
    match = _ANY.match(model)
    if match and match.lastindex:
        return BRANDS[match.lastindex - 1].name
    match = _BUILD.match(build)
    if match:
        return BRAND_WORDS[match[1].lower()]
    return uap.brand_of_model(model) or _unheard_of(model)


def _unheard_of(model: str) -> str | None:
    """A brand that nobody lists names itself: "Bush Spira B1", "Ox-10-13-1"."""
    match = _NAME_AND_NUMBER.match(model)
    return match[1] if match and match[1].lower() not in _NO_BRANDS else None


def without_brand(model: str, brand: str | None) -> str:
    """Return `CUBOT_P20` as `P20`, where the brand's word is not part of the name."""
    word = _FIRST_WORD.match(model)
    if not word or not brand or word[1].lower() in PART_OF_NAME:
        return model
    rest = model[word.end() :]
    return rest if rest and BRAND_WORDS.get(word[1].lower()) == brand else model

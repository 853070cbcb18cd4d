"""Does anything at all make the parser fail?"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from audit.enrich.device import parse_device
from audit.enrich.device.parse import MAX_FIELD

# What user agents are made of, so that the rules are reached and not only passed by.
WORDS = r"""
Mozilla/5.0 ( ) ; (Linux; Android 10 ; K ; wv) Build/ AppleWebKit/537.36 (KHTML, like Gecko)
Version/4.0 Chrome/97.0 Mobile Safari/537.36 iPhone CPU OS 17_5 Trident/ MSIE rv: Edge/ Edge/18
Firefox/ Gecko/ HbbTV/1.1.1 (; [FBAN/FB4A;FBAV/ FBDV/ appid: compatible; bot Google-X +http:// @
Windows NT 10.0 Mac OS X 10_15_7 CrOS x86_64 Darwin/ CFNetwork/ curl/ okhttp/ . / - _ 1 99999999
SM- SAMSUNG Raspbian UCWEB/ Microsoft Office/16.0 WhatsApp/2 A Version/x 99.100. % %20 \ " '
"""
FRAGMENTS = st.sampled_from(WORDS.split())
TEXTS = st.one_of(
    st.text(),
    st.binary().map(lambda raw: raw.decode("latin-1")),
    st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")),
    st.lists(FRAGMENTS, max_size=40).map(" ".join),
    st.lists(st.one_of(FRAGMENTS, st.text(max_size=5)), max_size=40).map("".join),
)
HEADERS = st.sampled_from(
    (
        "Sec-CH-UA",
        "sec-ch-ua-full-version-list",
        "Sec-CH-UA-Full-Version",
        "Sec-CH-UA-Platform",
        "sec_ch_ua_platform_version",
        "Sec-CH-UA-Model",
        "Sec-CH-UA-Mobile",
        "Sec-CH-UA-Form-Factors",
    )
)
WORTHY = ('"Windows"', '"macOS"', '"Android"', '"Linux"', "?1", '"0.1"', '"Chromium";v="1"')
HINTS: st.SearchStrategy[dict[Any, Any]] = st.dictionaries(
    st.one_of(HEADERS, st.text(max_size=20)),
    st.one_of(
        TEXTS,
        st.sampled_from(WORTHY),
        st.none(),
        st.integers(),
    ),
    max_size=9,
)


@settings(deadline=None)
@given(user_agent=st.one_of(st.none(), TEXTS), client_hints=st.one_of(st.none(), HINTS))
def test_every_text_gives_a_device(user_agent: str | None, client_hints: Any) -> None:
    device = parse_device(user_agent, client_hints)
    for value in asdict(device).values():
        assert value is None or (value and isinstance(value, str))
        assert value is None or (len(value) <= MAX_FIELD and value.isprintable())
    assert parse_device(user_agent, client_hints) == device

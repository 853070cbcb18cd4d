"""Which device speaks? A user agent to eleven fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse

RULES_VERSION = 1
MAX_CHARACTERS = 2_048
# curl/8.5.0, python-requests/2.31.0, Go-http-client/2.0: a product alone, no browser
_PRODUCT = re.compile(r"([A-Za-z][\w .\-]{0,63}?)/(\d[\w.]{0,31})")
_API_CLIENTS = re.compile(
    r"curl|wget|python|go-http|okhttp|java|postman|terraform|axios|node|ruby|http|vector|actions",
    re.IGNORECASE,
)
_WEBVIEWS = (
    # [FBAN/FBIOS;FBAV/450.0.0.38.108;…]
    ("Facebook", re.compile(r"FBA[NV]/[^;\]]*(?:.{0,80}?FBAV/(\d+[\d.]*))?")),
    # Instagram 312.0.0.22.114
    ("Instagram", re.compile(r"Instagram (\d+[\d.]*)")),
    # MicroMessenger/8.0.43
    ("WeChat", re.compile(r"MicroMessenger/(\d+[\d.]*)")),
    # Line/13.21.0
    ("Line", re.compile(r"\bLine/(\d+[\d.]*)")),
    # GSA/299.0.595435837
    ("Google App", re.compile(r"\bGSA/(\d+[\d.]*)")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a user agent says of itself; None for what it doesn't say."""

    agent_name: str | None = None
    agent_version: str | None = None
    device_class: str | None = None
    device_name: str | None = None
    device_brand: str | None = None
    operating_system_name: str | None = None
    operating_system_version: str | None = None
    layout_engine_name: str | None = None
    layout_engine_version: str | None = None
    webview_app_name: str | None = None
    webview_app_version: str | None = None


def parse_device(user_agent: str | None, client_hints: Mapping[str, str] | None = None) -> Device:
    """Return the eleven fields of a user agent. Never raises."""
    if not user_agent:
        return Device()
    return _parse(user_agent[:MAX_CHARACTERS])


@lru_cache(maxsize=10_000)
def _parse(text: str) -> Device:
    found = parse(text)
    agent, system, device = found.user_agent, found.os, found.device
    product = _PRODUCT.match(text)
    webview, webview_version = _webview(text)
    engine, engine_version = _engine(text)
    return Device(
        agent_name=agent.family if agent else product[1] if product else None,
        agent_version=_version(agent.major, agent.minor)
        if agent
        else product[2]
        if product
        else None,
        device_class=_class(text, device.family if device else None),
        device_name=device.model if device else None,
        device_brand=device.brand if device else None,
        operating_system_name=system.family if system else None,
        operating_system_version=_version(system.major, system.minor) if system else None,
        layout_engine_name=engine,
        layout_engine_version=engine_version,
        webview_app_name=webview,
        webview_app_version=webview_version,
    )


def _version(*parts: str | None) -> str | None:
    return ".".join(part for part in parts if part) or None


def _class(text: str, family: str | None) -> str:
    if family == "Spider":
        return "Robot"
    if "Mozilla/" not in text:
        return "API client" if _API_CLIENTS.search(text) else "Unknown"
    if "iPad" in text or ("Android" in text and "Mobile" not in text):
        return "Tablet"
    if "iPhone" in text or "Mobile" in text:
        return "Phone"
    return "Desktop"


def _engine(text: str) -> tuple[str | None, str | None]:
    if "Trident/" in text or "MSIE" in text:
        return "Trident", _after(text, "Trident/")
    if "iPhone" in text or "iPad" in text:
        return "AppleWebKit", _after(text, "AppleWebKit/")
    if "Chrome/" in text:
        return "Blink", _after(text, "Chrome/")
    if "Gecko/" in text:
        return "Gecko", _after(text, "rv:")
    if "AppleWebKit/" in text:
        return "AppleWebKit", _after(text, "AppleWebKit/")
    return None, None


def _after(text: str, mark: str) -> str | None:
    rest = text.partition(mark)[2]
    return re.match(r"[\d.]*", rest)[0] or None  # type: ignore[index]


def _webview(text: str) -> tuple[str | None, str | None]:
    for name, pattern in _WEBVIEWS:
        match = pattern.search(text)
        if match:
            return name, match[1]
    return None, None

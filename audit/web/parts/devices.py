"""Picks a client's icons: what it is, its system, its browser's family.

They are symbols of one file, which takes the text's colour:
`<svg class="icon"><use href="{% static 'audit/icons.svg' %}#{{ id }}"></use></svg>`.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.vocabulary.document import Device

CLASS_ICONS = {
    "Phone": "class-phone",
    "Tablet": "class-tablet",
    "Desktop": "class-desktop",
    "TV": "class-tv",
    "Game Console": "class-console",
    "Virtual Reality": "class-headset",
    "Watch": "class-watch",
    "Car": "class-car",
    "Robot": "class-robot",
    "API client": "class-api",
}
SYSTEM_ICONS = {
    "Windows": "os-windows",
    "Windows Phone": "os-windows",
    "macOS": "os-apple",
    "iOS": "os-apple",
    "Android": "os-android",
    "FireOS": "os-android",
    "Chrome OS": "os-chrome",
    "Linux": "os-linux",
    "Ubuntu": "os-linux",
    "Debian": "os-linux",
    "Fedora": "os-linux",
    "Gentoo Linux": "os-linux",
    "Raspbian": "os-linux",
    "CentOS": "os-linux",
    "openSUSE": "os-linux",
    "Linux Mint": "os-linux",
    "Elementary OS": "os-linux",
}
# In this order: what an agent's name holds → the family that it belongs to.
FAMILIES = (
    ("Webview", "browser-app"),
    ("WebView", "browser-app"),
    ("Chrom", "browser-chrome"),
    ("Firefox", "browser-firefox"),
    ("Edge", "browser-edge"),
    ("Opera", "browser-opera"),
    ("Safari", "browser-safari"),
    ("Internet Explorer", "browser-explorer"),
    ("SamsungBrowser", "browser-samsung"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceIcons:
    """Ids of symbols in `audit/icons.svg`; each is always there."""

    device_class: str
    system: str
    browser: str


def device_icons(client: Device | None) -> DeviceIcons:
    client = client or Device()
    kind = client.device_class or ""
    return DeviceIcons(
        device_class=CLASS_ICONS.get(kind, "class-unknown"),
        system=SYSTEM_ICONS.get(client.operating_system_name or "", "os-unknown"),
        browser=_browser(kind, client.agent_name or "", client.webview_app_name),
    )


def _browser(kind: str, agent: str, app: str | None) -> str:
    if kind == "API client":
        return "browser-terminal"
    if app:
        return "browser-app"
    return next((icon for part, icon in FAMILIES if part in agent), "browser-unknown")

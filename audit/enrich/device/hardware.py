"""Finds the device's model name and its maker."""

from __future__ import annotations

import re
from typing import NamedTuple

from .amazon import NAMES as AMAZON_NAMES
from .brands import brand_of, without_brand
from .models import Model, apple_device
from .pieces import Pieces
from .televisions import find_television


class Hardware(NamedTuple):
    """name: without the brand"""

    name: str | None
    brand: str | None


class Maker(NamedTuple):
    """code: of a computer's maker, as Internet Explorer sent it, in small letters"""

    code: str
    brand: str


MAKERS = (
    Maker("asu2js", "Asus"),
    Maker("asjb", "Asus"),
    Maker("maarjs", "Asus"),
    Maker("maau", "Asus"),
    Maker("mafs", "Fujitsu"),
    Maker("malc", "Lenovo"),
    Maker("lcjb", "Lenovo"),
    Maker("lenjs", "Lenovo"),
    Maker("masm", "Samsung"),
    Maker("smjb", "Samsung"),
    Maker("masp", "Sony"),
    Maker("matm", "Toshiba"),
    Maker("matp", "Toshiba"),
    Maker("tnjb", "Toshiba"),
    Maker("tajb", "Toshiba"),
    Maker("mddc", "Dell"),
    Maker("mddr", "Dell"),
    Maker("mdds", "Dell"),
    Maker("hpdtdf", "HP"),
    Maker("hpntdf", "HP"),
    Maker("cmdtdf", "Compaq"),
    Maker("cmntdf", "Compaq"),
)
# (X11; Linux x86_64; Quest 3)
_HEADSET = re.compile(r"; (quest(?: \w{1,4})?)\)")
_CONSOLE = re.compile(r"playstation (\d|vita|portable)|(xbox)|nintendo (\w{1,10})")


def find_hardware(
    pieces: Pieces,
    model: Model | None,
    *,
    system: str | None,
    agent: str | None,
    device_class: str | None,
) -> Hardware:
    television = find_television(pieces)
    if television:
        return Hardware(television.name, television.brand)
    if model and model.name.lower() != "k":
        brand = brand_of(model.name, model.build)
        if brand == "Amazon":
            return Hardware(AMAZON_NAMES.get(model.name, model.name), brand)
        return Hardware(without_brand(model.name, brand), brand)
    if system == "iOS":
        # An app names the system, not whether it runs on an iPhone or an iPad.
        name = apple_device(pieces.lower) or ("iPhone" if "(ios," in pieces.lower else None)
        return Hardware(name, "Apple")
    if agent == "Sonos":
        return Hardware(next(iter(pieces.fields), None), "Sonos")
    if device_class == "Virtual Reality" and (headset := _HEADSET.search(pieces.lower)):
        return Hardware(headset[1].title(), "Oculus")
    if device_class == "Game Console":
        return _console(pieces.lower)
    return _computer(pieces.lower, system=system, agent=agent, device_class=device_class)


def _computer(
    lower: str, *, system: str | None, agent: str | None, device_class: str | None
) -> Hardware:
    if system == "macOS":
        return Hardware("Macintosh", "Apple")
    if system == "Chrome OS":
        return Hardware("Chromebook", None)
    if system == "FireOS":
        return Hardware("Kindle Fire", "Amazon")
    if (
        agent == "SamsungBrowser" and system == "Android"
    ):  # on another maker's device it names the model
        return Hardware(device_class, "Samsung")
    if system == "Tizen":
        return Hardware(None, "Samsung")
    if device_class != "Desktop":
        return Hardware(None, None)
    if system == "Raspbian":
        return Hardware("Raspberry Pi", "Raspberry")
    if system == "HarmonyOS":
        return Hardware("Desktop", None)
    if system == "Windows":
        return Hardware("Desktop", _maker(lower) if "trident/" in lower else None)
    return Hardware("Linux Desktop", None)


def _maker(lower: str) -> str | None:
    return next((brand for code, brand in MAKERS if f"; {code}" in lower), None)


def _console(lower: str) -> Hardware:
    found = _CONSOLE.search(lower)
    if found is None:
        return Hardware("PlayStation 3", "Sony") if "cellos" in lower else Hardware(None, None)
    if found[2]:
        return Hardware("Xbox", "Microsoft")
    if found[3]:
        return Hardware(found[3].title(), "Nintendo")
    return Hardware(f"PlayStation {found[1].title()}", "Sony")

"""Splits a name from its version: `GitLab-Runner 17.10.0`, `Ask Jeeves/Teoma`."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_NAME = 100
# A name, then a version after a slash: Le Tour VIP 3D Tracker/1.1.4
_SLASHED = re.compile(r"([^/]{1,100})/\s*([^\s;,()]{1,64})")
# or after a space, with a digit: OpenWebSpider v0.1.4
_SPACED = re.compile(r"([^/]{1,100}?)\s+[vV]?(\d[^\s;,()]{0,63})")
# The kit of a service for a language: OpenAI/Python 3.57.0, Anthropic/JS 0.20.1
_KIT = re.compile(r"([^/]{1,100}/[A-Za-z]{1,20}) v?(\d[^\s;,()]{0,63})")
_QUOTED = re.compile(r"'[^']{0,100}'")
_URL_ON = re.compile(r"\s*(?:[+(]|-\s|https?:|www\.|\S{1,64}@).*", re.DOTALL)


class NameVersion(NamedTuple):
    """`name` is None where only the kind is certain, such as that it is a robot."""

    name: str | None
    version: str | None


UNNAMED = NameVersion(None, None)


def split_version(text: str) -> NameVersion:
    """Return name and version of a text that begins with them, addresses left out."""
    text = _QUOTED.sub("", text[:256]).strip(" '\"-;,")
    cut = _URL_ON.search(text)
    if cut:
        text = text[: cut.start()].strip(" '\"-;,")
    match = _KIT.fullmatch(text) or _SLASHED.match(text) or _SPACED.match(text)
    if match:
        return NameVersion(_tidy(match[1]), match[2])
    return NameVersion(_tidy(text), None)


def _tidy(text: str) -> str | None:
    return " ".join(text.split())[:MAX_NAME].strip(" '\"-;,") or None

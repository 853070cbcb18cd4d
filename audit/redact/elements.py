"""Masks secrets in markup whose name stands in one attribute and whose value in another or inside.

<add key="smtp.password" value="hunter2"/>
<entry key="password">hunter2</entry>
<key>password</key><string>hunter2</string>
"""

from __future__ import annotations

import re
from functools import partial

from .identifiers import is_identifier
from .names import SecretKind, SecretNames
from .pairs import is_naming, is_value
from .shapes import MASK

# Possessive: what was consumed is not tried in another way.
_TAG = re.compile(
    r"<[A-Za-z][\w:.-]{0,60}+(?P<attributes>"
    r"(?:\s++[\w:.-]{1,60}+\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))++)\s*+(?P<end>/?>)?(?P<held>[^<]*+)"
)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,60}+)(\s*+=\s*+)(\"[^\"]*+\"|'[^']*+')")
# Of a property list (Apple)
_KEY = re.compile(r"<key>(?P<name>[^<]{1,100})</key>\s{0,200}<string>(?P<value>[^<]++)")


def mask_elements(text: str, names: SecretNames) -> str:
    """Return a text with the values masked that its markup names as secrets."""
    if "=" in text:
        text = _TAG.sub(partial(_mask_tag, names), text)
    if "</key>" in text:
        text = _KEY.sub(partial(_mask_key, names), text)
    return text


def _mask_tag(names: SecretNames, match: re.Match[str]) -> str:
    kind = _named(match["attributes"], names)
    if kind is None:
        return match[0]
    attributes = _ATTRIBUTE.sub(partial(_mask_attribute, kind), match["attributes"])
    begin, end, held_at = (
        place - match.start() for place in (*match.span("attributes"), match.start("held"))
    )
    held = match["held"]
    if match["end"] == ">" and held.strip() and not is_identifier(held.strip(), kind):
        held = held.replace(held.strip(), MASK)
    return f"{match[0][:begin]}{attributes}{match[0][end:held_at]}{held}"


def _named(attributes: str, names: SecretNames) -> SecretKind | None:
    for name, _, quoted in _ATTRIBUTE.findall(attributes):
        if is_naming(name):
            kind = names.kind_of(quoted[1:-1])
            if kind is not None:
                return kind
    return None


def _mask_attribute(kind: SecretKind, match: re.Match[str]) -> str:
    name, between, quoted = match.groups()
    if not is_value(name) or not quoted[1:-1] or is_identifier(quoted[1:-1], kind):
        return match[0]
    return f"{name}{between}{quoted[0]}{MASK}{quoted[0]}"


def _mask_key(names: SecretNames, match: re.Match[str]) -> str:
    kind = names.kind_of(match["name"])
    if kind is None or is_identifier(match["value"], kind):
        return match[0]
    return match[0][: match.start("value") - match.start()] + MASK

"""Splits a user agent into its products and the fields of its comments.

RFC 9110, section 10.1.5: `product/version (comment; comment) product/version …`. Real ones nest
comments, forget to close them, and put anything anywhere, so nothing here can fail. Every step
looks at each character a fixed number of times.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PARENTHESIS = re.compile(r"[()]")
# What parts one product from the next: "hackney/1.6.6, Mozilla/5.0", "[FBAN/FBIOS;FBAV/450.0]".
_BETWEEN = re.compile(r"[\s;,\[\]\"]+")
# "Chrome/102.0.5005.115Safari/537.36", "Firefox/100.0QwantMobile/4.2"
_GLUED = re.compile(r"(?<=[.\d]\d)(?=[A-Z][A-Za-z]{2,20}/|trill_)")
_URL = re.compile(r"https?:|www\.|@|://|^\+", re.IGNORECASE)


class Product(NamedTuple):
    """`Chrome/97.0` or, without a version, a bare word."""

    name: str
    version: str | None


class Pieces(NamedTuple):
    """A user agent in pieces.

    lower: the text in small letters, to search in; outside: it without its comments
    products: those outside of comments, in order; words: their names in small letters
    comments: the fields of each outermost comment, in order
    """

    text: str
    lower: str
    outside: str
    products: tuple[Product, ...]
    words: frozenset[str]
    comments: tuple[tuple[str, ...], ...]

    @property
    def fields(self) -> list[str]:
        """Return the fields of all comments."""
        return [field for comment in self.comments for field in comment]

    def version_of(self, name: str) -> str | None:
        """Return the version of the first product with this name, in any case."""
        name = name.lower()
        return next((p.version for p in self.products if p.name.lower() == name), None)


def split_user_agent(text: str) -> Pieces:
    text = text.replace("%20", " ")
    if "+(" in text and " " not in text:  # Mozilla/5.0+(compatible;+UptimeRobot/2.0;+http://…)
        text = text.replace("+", " ")
    outside, comments = _split_comments(text)
    outside = _GLUED.sub(" ", outside)
    products = []
    for word in _BETWEEN.split(outside):
        name, _, version = word.partition("/")
        if name and not is_url(name) and not version.startswith("/"):
            products.append(_product(name, version))
    return Pieces(
        text=text,
        lower=text.lower(),
        outside=outside,
        products=tuple(products),
        words=frozenset(product.name.lower() for product in products),
        comments=tuple(
            tuple(field.strip() for field in comment.split(";") if field.strip())
            for comment in comments
        ),
    )


def _product(name: str, version: str) -> Product:
    maker, _, rest = version.partition("/")
    if rest and maker[0:1].isalpha():  # XiaoMi/MiuiBrowser/13.3.0-gn, Hawk/TurboBrowser/v3.0.1.35
        return Product(f"{name} {maker}", rest)
    return Product(name, version or None)


def is_url(word: str) -> bool:
    """Is this an address of the web or of mail, rather than a name?"""
    return _URL.search(word) is not None


def _split_comments(text: str) -> tuple[str, list[str]]:
    """Return what stands outside of parentheses, and the content of each outermost pair."""
    outside: list[str] = []
    comments: list[str] = []
    depth = start = 0
    for match in _PARENTHESIS.finditer(text):
        at = match.start()
        if match.group() == "(":
            if depth == 0:
                outside.append(text[start:at])
                start = at + 1
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                comments.append(text[start:at])
                start = at + 1
    (comments if depth else outside).append(text[start:])
    return " ".join(outside), comments

"""Writes values as HTML: pieces that a page has by the thousand.

A template that is included costs fifty microseconds, and a page of events has some thousand
pieces, so these write themselves: `{{ piece }}` in a template is enough. `format_html` costs six
each time; here every value that is put between tags goes through `escape` where it is put.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NewType

from django.templatetags.static import static
from django.utils.safestring import SafeString

from .text import ABSENT

Pair = tuple[str, str]
# A number as SVG writes it, such as -12.5 or 12.5%: there is nothing in it to escape.
SvgNumber = NewType("SvgNumber", str)


class Markup:
    """Something that writes itself as HTML, each value in it escaped."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        raise NotImplementedError

    def __str__(self) -> str:
        # A template takes the text of a value; that of a safe string stays safe.
        return self.__html__()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Markup):
    """A piece of text; href: the events that have it, where there is a filter for it.

    filter: the parameter and value that the link sets, for "not" and "copy"
    is_name: who or what, which is set in bold and kept apart from its neighbours' direction
    note: what stands small beside it; icon: of the sprite, in front of it
    """

    text: str
    href: str | None = None
    filter: Pair | None = None
    is_name: bool = False
    title: str = ""
    note: str = ""
    icon: str = ""

    def __html__(self) -> SafeString:
        inner = f"<bdi>{escape(self.text)}</bdi>"
        if self.icon:
            inner = f"{icon(self.icon)} {inner}"
        if self.note:
            inner = f'{inner} <span class="country">{escape(self.note)}</span>'
        attributes = self._attributes()
        if self.href:
            return SafeString(f'<a href="{escape(self.href)}"{attributes}>{inner}</a>')
        if self.is_name:
            return SafeString(f"<b{attributes}>{inner}</b>")
        return SafeString(f"<span{attributes}>{inner}</span>" if attributes else inner)

    def _attributes(self) -> str:
        said = ' class="name"' if self.is_name else ""
        if self.title:
            said += f' title="{escape(self.title)}"'
        if self.filter:
            name, value = self.filter
            said += f' data-filter="{escape(name)}" data-value="{escape(value)}"'
        return said


class Absent(Markup):
    """What is not known: a dash. It is false, so that a template can ask."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __html__(self) -> SafeString:
        return SafeString(f'<span class="absent">{ABSENT}</span>')


NOTHING = Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Markup):
    """An environment as it is shown everywhere: a dot of its colour, and its name."""

    key: str
    name: str
    colour: str
    href: str | None = None

    def __html__(self) -> SafeString:
        inner = f"{dot(self.colour)}<bdi>{escape(self.name)}</bdi>"
        if not self.href:
            return SafeString(f'<span class="environment">{inner}</span>')
        return SafeString(
            f'<a class="environment" href="{escape(self.href)}" data-filter="environment"'
            f' data-value="{escape(self.key)}">{inner}</a>'
        )


@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """Return a symbol of the sprite; what it says is said in words beside it."""
    return SafeString(
        f'<svg class="icon" aria-hidden="true"><use href="{escape(_sprite())}#{escape(name)}">'
        "</use></svg>"
    )


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("audit/icons.svg")


@lru_cache(maxsize=64)
def dot(colour: str) -> SafeString:
    return SafeString(
        '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true">'
        f'<circle cx="4" cy="4" r="4" fill="{escape(colour)}"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Sentence(Markup):
    """The pieces of "Ann deleted app Orders"; plain text between the names is no element."""

    pieces: tuple[Piece, ...]

    def __html__(self) -> SafeString:
        parts = (piece.__html__() if piece.is_name else escape(piece.text) for piece in self.pieces)
        return SafeString("".join(parts))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

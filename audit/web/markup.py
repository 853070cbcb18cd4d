"""How is a value written in HTML? Pieces of a page that a table has by the thousand.

A template that is included costs fifty microseconds, and a page of events has some thousand
pieces, so these write themselves: `{{ piece }}` in a template is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .text import ABSENT

Pair = tuple[str, str]


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
        inner = format_html("<bdi>{}</bdi>", self.text)
        if self.icon:
            inner = format_html("{} {}", icon(self.icon), inner)
        if self.note:
            inner = format_html('{} <span class="country">{}</span>', inner, self.note)
        attributes = self._attributes()
        if self.href:
            return format_html('<a href="{}"{}>{}</a>', self.href, attributes, inner)
        if self.is_name:
            return format_html("<b{}>{}</b>", attributes, inner)
        return format_html("<span{}>{}</span>", attributes, inner) if attributes else inner

    def _attributes(self) -> SafeString:
        given = (
            ("class", "name" if self.is_name else ""),
            ("title", self.title),
            ("data-filter", self.filter[0] if self.filter else ""),
            ("data-value", self.filter[1] if self.filter else ""),
        )
        return format_html_join("", ' {}="{}"', [pair for pair in given if pair[1]])


class Absent(Markup):
    """What is not known: a dash. It is false, so that a template can ask."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __html__(self) -> SafeString:
        return format_html('<span class="absent">{}</span>', ABSENT)


NOTHING = Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Markup):
    """An environment as it is shown everywhere: a dot of its colour, and its name."""

    key: str
    name: str
    colour: str
    href: str | None = None

    def __html__(self) -> SafeString:
        inner = format_html("{}<bdi>{}</bdi>", dot(self.colour), self.name)
        if not self.href:
            return format_html('<span class="environment">{}</span>', inner)
        return format_html(
            '<a class="environment" href="{}" data-filter="environment" data-value="{}">{}</a>',
            self.href,
            self.key,
            inner,
        )


def icon(name: str) -> SafeString:
    """Return a symbol of the sprite; what it says is said in words beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite(), name
    )


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("audit/icons.svg")


def dot(colour: str) -> SafeString:
    return format_html(
        '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true">'
        '<circle cx="4" cy="4" r="4" fill="{}"/></svg>',
        colour,
    )


@dataclass(frozen=True, slots=True)
class Sentence(Markup):
    """The pieces of "Ann deleted app Orders"; plain text between the names is no element."""

    pieces: tuple[Piece, ...]

    def __html__(self) -> SafeString:
        parts = (
            piece.__html__() if piece.is_name else conditional_escape(piece.text)
            for piece in self.pieces
        )
        return mark_safe("".join(parts))  # noqa: S308 (each part is escaped above)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

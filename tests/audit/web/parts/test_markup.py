"""Whatever text stands in a piece of a page, the page has no other elements for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any, get_type_hints

import pytest
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.web.compare.cells import MatrixCells
from audit.web.compare.time_lines import CountRows, LineLinks
from audit.web.events.alignment import Effort
from audit.web.events.differences import mark_values
from audit.web.events.facets import FacetList
from audit.web.events.rows import EventCell, EventRow, EventRows
from audit.web.parts.bars import BarLinks, BarRows
from audit.web.parts.markup import NOTHING, Markup, Piece, Sentence, SvgNumber, Tag, dot, icon

HOSTILE = (
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus x="',
    "</td></tr></table><h1>",
    "<!--",
    "&lt;b&gt;",
    "]]><img src=x onerror=alert(1)>",
)
TEXTS = st.sampled_from(HOSTILE) | st.text()
NUMBERS = st.floats(0, 100).map(lambda value: SvgNumber(f"{value:.2f}"))
# A row holds the others of its run.
ROWS: st.SearchStrategy[EventRow] = st.deferred(lambda: made(EventRow))
BUILDERS: tuple[type[Markup], ...] = (
    *(Piece, Tag, Sentence, EventCell, EventRows),
    *(FacetList, BarLinks, BarRows, LineLinks, CountRows, MatrixCells),
)


def made(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a value of this kind, each text in it hostile."""
    if kind is str:
        return TEXTS
    if kind is SvgNumber:
        return NUMBERS
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{each.name: made(hints[each.name]) for each in fields(kind)})
    origin, inner = getattr(kind, "__origin__", None), getattr(kind, "__args__", ())
    if origin is tuple and inner[-1:] != (...,):
        return st.tuples(*map(made, inner))
    if inner[:1] == (EventRow,):
        return st.lists(ROWS, max_size=1).map(tuple)
    if origin is not None:
        return st.lists(made(inner[0]), max_size=3).map(tuple)
    if inner:
        return st.one_of(*(st.none() if one is type(None) else made(one) for one in inner))
    if kind is type(NOTHING):
        return st.just(NOTHING)
    return st.from_type(kind)


def harmless(value: Any) -> Any:
    """Return the same value with a letter for each text."""
    if isinstance(value, str):
        return "x" if value else value
    if isinstance(value, tuple):
        return tuple(map(harmless, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: harmless(getattr(value, f.name)) for f in fields(value)})
    return value


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.texts += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("/", tag))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!", data))


def elements(markup: str) -> list[tuple[str, ...]]:
    """Return the tags of a piece of HTML with the names of their attributes."""
    parser = _Elements()
    parser.feed(f"{markup}<hr>")  # an open quote would swallow what follows
    return parser.elements


def subclasses(of: type) -> Iterable[type]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


class TestMarkup:
    def test_is_tried_in_all_its_kinds(self) -> None:
        ours = {kind.__name__ for kind in subclasses(Markup) if "audit." in kind.__module__}
        assert ours - {type(NOTHING).__name__} == {kind.__name__ for kind in BUILDERS}

    @pytest.mark.parametrize("builder", BUILDERS)
    @settings(deadline=None)
    @given(st.data())
    def test_has_no_other_elements_for_any_text(
        self, builder: type[Markup], data: st.DataObject
    ) -> None:
        value = data.draw(made(builder))
        assert isinstance(value.__html__(), SafeString)
        assert elements(value.__html__()) == elements(harmless(value).__html__())

    @given(TEXTS)
    def test_of_symbols_has_none_either(self, text: str) -> None:
        assert elements(icon(text)) == elements(icon("x"))
        assert elements(dot(text)) == elements(dot("x"))

    @given(TEXTS)
    def test_says_the_text_itself(self, text: str) -> None:
        parser = _Elements()
        parser.feed(str(Piece(text=text, title=text, href="/", filter=("actor", text))))
        parser.close()
        said = "".join(parser.texts).replace("\r\n", "\n").replace("\r", "\n")
        assert text.replace("\r\n", "\n").replace("\r", "\n") in said


class TestMarkValues:
    @given(TEXTS | st.lists(TEXTS) | st.none(), TEXTS | st.dictionaries(TEXTS, TEXTS))
    def test_has_its_own_elements_alone(self, old: Any, new: Any) -> None:
        for marked in mark_values(old, new, Effort()):
            assert {element[0] for element in elements(marked)} <= {
                *("bdi", "del", "ins", "span", "hr", "/")
            }
            assert {name for element in elements(marked)[:-1] for name in element[1:]} <= {
                *("class", "bdi", "del", "ins", "span")
            }

"""Shows two values beside each other, with their differences marked."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from audit.web.parts.text import thin, visible_lines, words_of

from .alignment import Effort, align

# Texts with less in common than this read better apart than word by word.
LEAST_ALIKE = 0.3
# Of a longer equal part only its beginning and end are shown.
MAX_SAME, KEPT_SAME = 600, 120
# "über-all 3.5" → "über", "-", "all", " ", "3", ".", "5"
_WORD = re.compile(r"\w+|[^\S\n]+|[^\w\s]|\n")


def exact_json(value: Any) -> bytes:
    """Return what two values have in common only if they are the same: 1, 1.0 and "1" are not."""
    return msgspec.json.encode(value, order="sorted")


def mark_values(old: Any, new: Any, effort: Effort) -> tuple[SafeString, SafeString]:
    """Return two values as HTML, with what is only in one of them in `del` and `ins`.

    Where they look alike the kind of each is told, or each of their characters.
    """
    if exact_json(old) == exact_json(new):
        return mark_whole(old, ""), mark_whole(new, "")
    if isinstance(old, str) and isinstance(new, str):
        if _look(old) == _look(new):
            return mark_words(json.dumps(old), json.dumps(new), effort)
        return mark_words(old, new, effort)
    marked = mark_whole(old, "del"), mark_whole(new, "ins")
    if _look(old) != _look(new):
        return marked
    return _with_kind(marked[0], old), _with_kind(marked[1], new)


def mark_words(old: str, new: str, effort: Effort) -> tuple[SafeString, SafeString]:
    """The same for two texts: which words of them differ."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    blocks = align(a, b, effort)
    same = sum(block.old_to - block.old_from for block in blocks if block.is_same)
    if 2 * same < LEAST_ALIKE * (len(a) + len(b)):
        return mark_whole(old, "del"), mark_whole(new, "ins")
    left, right = [], []
    for block in blocks:
        taken = "".join(a[block.old_from : block.old_to])
        added = "".join(b[block.new_from : block.new_to])
        left.append(_same(taken) if block.is_same else _marked(taken, "del"))
        right.append(_same(added) if block.is_same else _marked(added, "ins"))
    return _bdi(left), _bdi(right)


def mark_whole(value: Any, tag: str) -> SafeString:
    """Return a value as HTML, all of it in the tag. An absent one is a dash without a tag: it was
    neither taken away nor added.
    """
    if value == "":
        return _bdi([_tagged(_kind(_("empty text")), tag)])
    text = value if isinstance(value, str) else words_of(value)
    return _bdi([_marked(text, tag if value is not None else "")])


def kind_words(value: Any) -> str:
    """Return of which kind a JSON value is."""
    match value:
        case None:
            return _("no value")
        case bool():
            return _("yes or no")
        case str():
            return _("text")
        case Mapping():
            return _("object")
        case list() | tuple():
            return _("list")
        case _:
            return _("number")


def _look(value: Any) -> str:
    """Return what two values have in common that a reader may take for the same."""
    return unicodedata.normalize("NFKC", words_of(value))


def _with_kind(marked: SafeString, value: Any) -> SafeString:
    return marked + format_html(" {}", _kind(kind_words(value)))


def _kind(words: str) -> SafeString:
    return format_html('<span class="kind">{}</span>', words)


def _same(text: str) -> SafeString:
    """What both have; its middle is left out where it is long."""
    if len(text) <= MAX_SAME:
        return _marked(text, "")
    left_out = len(text) - 2 * KEPT_SAME
    words = _("%(n)s characters that stay") % {"n": thin(left_out)}
    return format_html(
        "{} {} {}",
        _marked(text[:KEPT_SAME], ""),
        _kind(f"… {words} …"),
        _marked(text[-KEPT_SAME:], ""),
    )


def _marked(text: str, tag: str) -> SafeString:
    if not text:
        return SafeString()
    shown = visible_lines(text)
    if tag:
        # What a line feed or a tab takes up is not drawn, and here it is what differs.
        shown = shown.replace("\n", "↵\n").replace("\t", "⇥\t")
    return _tagged(format_html("{}", shown), tag)


def _tagged(inner: SafeString, tag: str) -> SafeString:
    if tag == "del":
        return format_html("<del>{}</del>", inner)
    return format_html("<ins>{}</ins>", inner) if tag else inner


def _bdi(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe(f"<bdi>{''.join(parts)}</bdi>")  # noqa: S308 (each part is escaped above)

"""Writes the URL of the same search with one thing changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.http import QueryDict

from audit.facets import EXCLUDE

PAGING = frozenset({"cursor"})
# What `quote` leaves as it is, which nearly all of a page's thousand values are.
_PLAIN = re.compile(r"[A-Za-z0-9_.~:-]*")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A page and its parameters, in the order in which they were given.

    Every change leaves the place in the pages behind: another search starts at its top.
    """

    path: str
    pairs: tuple[Pair, ...] = ()

    @classmethod
    def of(cls, path: str, lists: Mapping[str, Iterable[str]]) -> Address:
        """lists: parameter → its values, as `QueryDict.lists()` gives them."""
        pairs = tuple((name, value) for name, values in lists.items() for value in values)
        return cls(path=path, pairs=tuple(dict.fromkeys(pairs)))

    def __str__(self) -> str:
        query = "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in self.pairs])
        return f"{self.path}?{query}" if query else self.path

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name)

    def query_dict(self) -> QueryDict:
        given = QueryDict(mutable=True)
        for name, value in self.pairs:
            given.appendlist(name, value)
        return given

    def lists(self) -> dict[str, list[str]]:
        return {name: list(self.values(name)) for name, _ in self.pairs}

    def only(self, **values: str | None) -> Address:
        """Return the address with each parameter at this one value; None takes it away."""
        kept = self._kept(dropped=frozenset(values) | PAGING)
        added = ((name, value) for name, value in values.items() if value is not None)
        return Address(path=self.path, pairs=(*kept, *added))

    def narrowed(self, name: str, value: str) -> Address:
        """Return the address that asks for this value, and no longer shuts it out."""
        shut_out = (EXCLUDE + name, value)
        kept = self._kept(dropped=frozenset({name}) | PAGING)
        return Address(
            path=self.path, pairs=(*(pair for pair in kept if pair != shut_out), (name, value))
        )

    def shut_out(self, name: str, value: str) -> Address:
        """Return the address that shuts this value out, and no longer asks for it."""
        asked, added = (name, value), (EXCLUDE + name, value)
        kept = self._kept(dropped=PAGING)
        return Address(
            path=self.path, pairs=(*(pair for pair in kept if pair not in (asked, added)), added)
        )

    def turned(self, name: str, value: str) -> Address:
        """Return the address with one filter turned round: asking for, or shutting out."""
        other = name.removeprefix(EXCLUDE) if name.startswith(EXCLUDE) else EXCLUDE + name
        kept = self._kept(dropped=PAGING)
        pairs = ((other, v) if (n, v) == (name, value) else (n, v) for n, v in kept)
        return Address(path=self.path, pairs=tuple(dict.fromkeys(pairs)))

    def added(self, name: str, value: str) -> Address:
        """Return the address that also takes this value, beside the others of its filter."""
        shut_out, asked = (EXCLUDE + name, value), (name, value)
        kept = self._kept(dropped=PAGING)
        return Address(
            path=self.path, pairs=(*(pair for pair in kept if pair not in (shut_out, asked)), asked)
        )

    def without(self, name: str, value: str) -> Address:
        kept = self._kept(dropped=PAGING)
        return Address(path=self.path, pairs=tuple(p for p in kept if p != (name, value)))

    def at(self, cursor: str) -> Address:
        """Return the address of another page of the same search."""
        return Address(path=self.path, pairs=(*self._kept(dropped=PAGING), ("cursor", cursor)))

    def _kept(self, *, dropped: frozenset[str]) -> tuple[Pair, ...]:
        return tuple((name, value) for name, value in self.pairs if name not in dropped)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=":")

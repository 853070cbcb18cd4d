"""Serves pick-lists: values of a filter that begin with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.facets import SUBJECTS
from audit.query.directory.event_types import find_event_types
from audit.query.directory.subjects import MAX_LIMIT, Subject, find_subjects
from audit.query.search.parameters import is_taken
from audit.vocabulary import EVENT_TYPES, GROUPS, OUTCOMES
from audit.vocabulary.folding import fold
from audit.web.parts.filter_rows import FILTERS, PickFrom, filter_label
from audit.web.parts.known_names import senders_in
from audit.web.parts.labels import Environments, group_label, outcome_label, type_label
from audit.web.parts.markup import dot
from audit.web.parts.same_names import told_apart
from audit.web.parts.text import shorten, visible
from audit.web.parts.url import Address, Pair
from audit.web.shell.page import page

MOST = 10
MOST_OF_EACH = 4
# Of these the lists are looked into for what is typed, where one does not say for which filter.
LISTED = tuple(
    name for name, each in FILTERS.items() if each.pick_from not in (None, "typed", "with types")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickForm:
    """address: of the list that is there before anything is typed
    kept: the search that a value is added to
    """

    path: str
    address: str
    kinds: tuple[Pair, ...]
    kept: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """href: the search with this value, beside others of its filter; shut_out: without it
    note: the environments of one whose name another has, too
    """

    kind: str
    label: str
    id: str
    dot: str
    href: str
    shut_out: str
    is_on: bool
    note: str = ""
    is_group: bool = False


def pick_form(address: Address) -> PickForm:
    path = reverse("audit_web:pick")
    kept = tuple(pair for pair in address.pairs if pair[0] != "cursor")
    return PickForm(
        path=path,
        address=str(Address(path=path, pairs=kept)),
        kinds=tuple(
            (name, filter_label(name))
            for name, each in FILTERS.items()
            if each.pick_from not in (None, "with types")
        ),
        kept=kept,
    )


@page
def pick(request: HttpRequest) -> HttpResponse:
    """The list for what was typed: by itself for htmx, else as a page."""
    given = Address.of(reverse("audit_web:events"), dict(request.GET.lists()))
    address = given.only(kind=None, typed=None)
    kind = request.GET.get("kind", "")
    found = picks(
        kind if kind in FILTERS else "",
        request.GET.get("typed", "").replace("\0", "").strip(),
        address=address,
        scope=audit_settings().resolve_scope(request.user),
        environments=Environments(),
    )
    is_part = request.headers.get("HX-Request") == "true"
    template = "audit/_picks.html" if is_part else "audit/pick.html"
    context = {"picks": found, "pick": pick_form(address), "back": str(address)}
    return render(request, template, context)


def picks(
    kind: str, typed: str, *, address: Address, scope: Scope, environments: Environments
) -> tuple[Pick, ...]:
    """kind: a filter, or "" for all of them at once"""
    make = _Picks(typed, address, scope, environments)
    if kind:
        return tuple(make.of(kind, MOST))
    kinds = LISTED if typed else ("environment", "type")
    found = [each for name in kinds for each in make.of(name, MOST_OF_EACH)]
    if typed:
        found += make.of("q", 1)
    return tuple(found)


def _label(subject: Subject) -> str:
    return subject.name or subject.email or subject.id


@dataclass(frozen=True, slots=True)
class _Picks:
    typed: str
    address: Address
    scope: Scope
    environments: Environments

    def of(self, kind: str, most: int) -> Iterator[Pick]:
        each = FILTERS[kind]
        is_alone = each.is_partly_listed and most == MOST
        if kind in SUBJECTS:
            found = find_subjects(
                kind=SUBJECTS[kind], scope=self.scope, prefix=self.typed, limit=most
            )
            named = {s.id: _label(s) for s in found.results}
            notes = self._apart(kind, named, {})
            subjects = (
                self._pick(kind, id_, label, note=notes.get(id_, ""))
                for id_, label in named.items()
            )
            return self._with_typed(kind, subjects) if is_alone else subjects
        lists: Mapping[PickFrom | None, Callable[[], Iterator[Pick]]] = {
            "environments": self._environments,
            "types": self._types,
            "with types": self._types,
            "outcomes": self._outcomes,
            "senders": self._senders,
        }
        listed = lists.get(each.pick_from, partial(self._typed, kind))()
        listed = self._with_typed(kind, listed) if is_alone else listed
        return islice(listed, most if self.typed else 100)

    def _apart(
        self, kind: str, named: Mapping[str, str], sent_into: Mapping[str, str]
    ) -> Mapping[str, str]:
        return told_apart(
            kind,
            named,
            scope=self.scope,
            environments=self.environments,
            sent_into=sent_into,
        )

    def _senders(self) -> Iterator[Pick]:
        senders = senders_in(self.scope)
        named = {str(sender.id): sender.name for sender in senders}
        notes = self._apart("sender", named, {str(s.id): s.environment for s in senders})
        for number, name in named.items():
            if self._fits(name, number):
                yield self._pick("sender", number, name, note=notes.get(number, ""))

    def _environments(self) -> Iterator[Pick]:
        for key in self.environments.in_order(self.scope.environments):
            tag = self.environments.tag(key)
            if self._fits(tag.name, key):
                yield self._pick("environment", key, tag.name, dot=dot(tag.colour))

    def _types(self) -> Iterator[Pick]:
        """Of the senders' own types a few come first, lest the catalogue's words hide them."""
        own = self._own_types()
        yield from islice(own, MOST_OF_EACH // 2)
        for group in GROUPS:
            label = group_label(group)
            codes = [code for code, known in EVENT_TYPES.items() if known.group == group]
            if self._fits(label, group):
                yield self._pick("group", group, label, is_group=True)
            for code in codes:
                if self._fits(type_label(code), code):
                    yield self._pick("type", code, type_label(code))
        yield from own

    def _own_types(self) -> Iterator[Pick]:
        if self.typed:
            for kind in find_event_types(scope=self.scope, prefix=self.typed, limit=MAX_LIMIT):
                if not kind.is_known:
                    yield self._pick("type", kind.code, kind.label)

    def _outcomes(self) -> Iterator[Pick]:
        for code in OUTCOMES:
            if self._fits(outcome_label(code), code):
                yield self._pick("outcome", code, outcome_label(code))

    def _typed(self, kind: str) -> Iterator[Pick]:
        if self.typed and is_taken(kind, self.typed):
            yield self._pick(kind, self.typed, self.typed)

    def _with_typed(self, kind: str, listed: Iterator[Pick]) -> Iterator[Pick]:
        """What is listed, and the value typed if it isn't among that."""
        values = set()
        for each in listed:
            values.add(each.id or each.label)
            yield each
        if visible(self.typed) not in values:
            yield from self._typed(kind)

    def _fits(self, *words: str) -> bool:
        """Do the letters stand in one of the words?"""
        typed = fold(self.typed)
        return any(typed in fold(word) for word in words)

    def _pick(self, kind: str, value: str, label: str, **more: Any) -> Pick:
        is_on = value in self.address.values(kind)
        given = {"dot": "", **more}
        return Pick(
            kind=filter_label(kind),
            label=shorten(label, max_length=60),
            id=visible(value) if value != label and kind not in ("group", "outcome") else "",
            href=str(
                self.address.without(kind, value) if is_on else self.address.added(kind, value)
            ),
            shut_out=str(self.address.shut_out(kind, value)),
            is_on=is_on,
            **given,
        )

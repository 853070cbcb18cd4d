"""Parses the parameters of a search, which are the same in the API and in pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict

from audit.contracts import EMPTY_SCOPE, SYSTEM_ENVIRONMENT, Scope
from audit.enrich.ip_addresses import read_ip_address
from audit.errors import BadParameter
from audit.facets import EXCLUDE, FACETS, Facet
from audit.log.times import BadTime
from audit.models import Event
from audit.record.check import MAX_RESOURCE_ID_CHARACTERS
from audit.vocabulary import EVENT_TYPES, nearest, unknown

from .addresses import read_network
from .event_query import EventQuery
from .moments import parse_moment
from .text_search import parse_words

# Instants: what happened in [from, to), what was recorded in [recorded_after, recorded_before).
HAPPENED = ("from", "to")
RECORDED = ("recorded_after", "recorded_before")
MOMENTS = (*HAPPENED, *RECORDED)
PAGING = ("cursor", "page_size")
MAX_VALUES = 100
# As long as the longest id that there can be.
MAX_VALUE_CHARACTERS = MAX_RESOURCE_ID_CHARACTERS
MAX_TEXT_CHARACTERS = 256


class ValuesField(forms.Field):
    """Every value that a parameter was given, repeated or not; empty ones don't count."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(v for v in (value or ()) if v))
        if len(values) > MAX_VALUES:
            raise forms.ValidationError(f"at most {MAX_VALUES} values")
        if any(len(v) > MAX_VALUE_CHARACTERS or "\0" in v for v in values):
            raise forms.ValidationError(
                f"a value has more than {MAX_VALUE_CHARACTERS} characters, or U+0000"
            )
        return values


class ValuesFilter(django_filters.Filter):
    field_class = ValuesField


class EventFilters(django_filters.FilterSet):
    """The declared parameters; `audit.query.search.conditions` says what each is in SQL."""

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, **more: Any) -> None:
        # Each filter is copied, and so is its field: all 47 take 2 ms, those that are given none.
        self.__dict__["base_filters"] = {n: each for n, each in _DECLARED.items() if n in data}
        super().__init__(data, **more)


_DECLARED: dict[str, django_filters.Filter] = {}
for _name in FACETS:
    _DECLARED[_name] = ValuesFilter()
    _DECLARED[EXCLUDE + _name] = ValuesFilter(exclude=True)
for _name in (*MOMENTS, "q"):
    _DECLARED[_name] = django_filters.CharFilter(max_length=MAX_TEXT_CHARACTERS)
PARAMETERS = frozenset(_DECLARED)


def parse_query(
    params: QueryDict,
    *,
    scope: Scope,
    now: datetime,
    also: Iterable[str] = PAGING,
) -> EventQuery:
    """Return the search that the parameters ask for, inside the scope.

    also: names that the caller reads itself. Raises BadParameter that names what is wrong, and
    the nearest right word.
    """
    check_names(params, PARAMETERS | frozenset(also))
    form = EventFilters(params, queryset=Event.objects.none()).form
    if not form.is_valid():
        name, messages = next(iter(form.errors.items()))
        raise BadParameter(name, f"{name}: {messages[0].rstrip('.')}.")
    given: Mapping[str, Any] = form.cleaned_data
    include = {name: given[name] for name in FACETS if given.get(name)}
    exclude = {name: given[EXCLUDE + name] for name in FACETS if given.get(EXCLUDE + name)}
    for facets, prefix in ((include, ""), (exclude, EXCLUDE)):
        for name, values in facets.items():
            _check_values(prefix + name, FACETS[name], values, scope)
    start, end = parse_range(given, now=now)
    recorded_start, recorded_end = parse_range(given, now=now, names=RECORDED)
    return EventQuery(
        scope=_narrowed(scope, include.pop("environment", None), exclude.pop("environment", ())),
        include=types_of_groups(include),
        exclude=types_of_groups(exclude, is_excluded=True),
        start=start,
        end=end,
        recorded_start=recorded_start,
        recorded_end=recorded_end,
        words=parse_words("q", given.get("q", "")),
    )


def check_names(params: Iterable[str], known: Iterable[str]) -> None:
    """Raise BadParameter for a name that isn't known, with the nearest one that is."""
    known = frozenset(known)
    for name in params:
        if name not in known:
            # All of them would be a page.
            near = known if nearest(name, known) else ()
            raise BadParameter(name, unknown("parameter", name, near))


def askable(name: str, value: str) -> str | None:
    """Return the value of a filter that finds what has this value in an event; None where no
    search takes it, such as a host's name where an address is asked for.
    """
    if name in FACETS and FACETS[name].kind == "network":
        address = read_ip_address(value)
        return str(address) if address is not None else None
    return value if is_taken(name, value) else None


def is_taken(name: str, value: str) -> bool:
    """Does a search take this value of a filter, or these words as `q`? Asks for the form alone,
    not whether there is such a thing.
    """
    if len(value) > MAX_VALUE_CHARACTERS or "\0" in value:
        return False
    try:
        if name == "q":
            parse_words(name, value)
        elif name in FACETS and FACETS[name].kind in ("network", "number"):
            _check_values(name, FACETS[name], (value,), EMPTY_SCOPE)
    except BadParameter:
        return False
    return True


def types_of_groups(
    facets: Mapping[str, tuple[str, ...]], *, is_excluded: bool = False
) -> Mapping[str, tuple[str, ...]]:
    """Return the facets with their groups told as types; the group "other" stays, since it has
    whatever type has no group.

    is_excluded: of what is shut out there is the more with both, else the less
    """
    if "group" not in facets or "other" in facets["group"]:
        return facets
    types = tuple(code for code, kind in EVENT_TYPES.items() if kind.group in facets["group"])
    if is_excluded:
        types = tuple(dict.fromkeys((*types, *facets.get("type", ()))))
    elif "type" in facets:
        types = tuple(code for code in types if code in facets["type"])
    return {name: values for name, values in facets.items() if name != "group"} | {"type": types}


def parse_environments(params: QueryDict, *, scope: Scope) -> Scope:
    """Return the scope in the environments that `environment` names. Raises BadParameter."""
    wanted = tuple(params.getlist("environment"))
    _check_values("environment", FACETS["environment"], wanted, scope)
    return _narrowed(scope, wanted or None, ())


def parse_senders(params: QueryDict) -> tuple[int, ...]:
    """Return the numbers of the senders asked for. Raises BadParameter."""
    wanted = tuple(params.getlist("sender"))
    _check_values("sender", FACETS["sender"], wanted, EMPTY_SCOPE)
    return tuple(int(value) for value in wanted)


def parse_range(
    params: Mapping[str, Any], *, now: datetime, names: tuple[str, str] = HAPPENED
) -> tuple[datetime | None, datetime | None]:
    """Return the instants of `from` and `to`, `[from, to)`, or of two others of these names.

    Raises BadParameter, also for an end that is before the start.
    """
    first, last = names
    start = _moment(first, params.get(first, ""), now)
    end = _moment(last, params.get(last, ""), now)
    if start is not None and end is not None and end < start:
        said = f"{last} {params[last]!r} is before {first} {params[first]!r}"
        raise BadParameter(last, f"{said}: nothing lies between.")
    return start, end


def _check_values(parameter: str, facet: Facet, values: tuple[str, ...], scope: Scope) -> None:
    words = scope.environments if facet.kind == "environment" else facet.words
    is_closed = bool(facet.words) or facet.kind == "environment"
    for value in values:
        if is_closed and value not in words:
            raise BadParameter(parameter, unknown(facet.name, value, words))
        if facet.kind == "network" and read_network(value) is None:
            raise BadParameter(parameter, f"{value!r} is neither an address nor a network.")
        if facet.kind == "number" and not _is_number(value):
            raise BadParameter(parameter, f"{parameter} {value!r} is no {facet.name}'s number.")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _narrowed(scope: Scope, wanted: tuple[str, ...] | None, unwanted: tuple[str, ...]) -> Scope:
    """The scope, in the environments asked for; the system's own log only where it is named."""
    return Scope(
        grants={
            key: workspaces
            for key, workspaces in scope.grants.items()
            if key not in unwanted
            and (key in wanted if wanted is not None else key != SYSTEM_ENVIRONMENT)
        }
    )


def _moment(parameter: str, text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        return parse_moment(text, now=now)
    except BadTime as error:
        raise BadParameter(parameter, f"{parameter}: {error}.") from None

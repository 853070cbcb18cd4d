"""Which filters are on, and with what does a person set them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.vocabulary import EVENT_TYPES, GROUPS, OUTCOMES

from .address import Address, Pair
from .labels import (
    FILTERS,
    Environments,
    Tag,
    filter_label,
    group_label,
    outcome_label,
    type_label,
    value_label,
)
from .moments import parameter_to_typed, typed_to_parameter
from .text import shorten

MAX_CHIP_LENGTH = 60
TIMES = ("from", "to")
# The fields that the form shows; each holds one value, others of the same name go along unseen.
FIELDS = ("type", "outcome", "actor", "application", *TIMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter that is on; href: the same search without it."""

    label: str
    value: str
    href: str
    is_excluding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentChoice:
    tag: Tag
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A time range at one click."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The form above the events. It asks by GET, so that the address says what is seen.

    hidden: parameters that no field shows and that have to survive
    values: what stands in the fields of one value
    """

    action: str
    hidden: tuple[Pair, ...]
    values: Mapping[str, str]
    environments: tuple[EnvironmentChoice, ...]
    types: tuple[TypeGroup, ...]
    outcomes: tuple[Choice, ...]
    ranges: tuple[Range, ...]


def filter_form(
    address: Address, *, seen: Sequence[str], environments: Environments, zone: ZoneInfo
) -> FilterForm:
    """seen: keys of the environments that the viewer sees."""
    values = {name: _single(address, name) for name in FIELDS}
    shown = {(name, value) for name, value in values.items() if value}
    chosen = frozenset(address.values("environment"))
    keys = environments.in_order(seen)
    shown |= {("environment", key) for key in keys}
    return FilterForm(
        action=address.path,
        hidden=tuple(p for p in address.pairs if p not in shown and p[0] != "cursor"),
        values=values | {name: parameter_to_typed(values[name], zone) for name in TIMES},
        environments=tuple(
            EnvironmentChoice(tag=environments.tag(key), is_chosen=key in chosen) for key in keys
        ),
        types=_types(values["type"]),
        outcomes=tuple(
            Choice(value=code, label=outcome_label(code), is_chosen=code == values["outcome"])
            for code in OUTCOMES
        ),
        ranges=_ranges(address),
    )


def chips(
    address: Address,
    *,
    environments: Environments,
    zone: ZoneInfo,
    names: Mapping[Pair, str],
) -> tuple[Chip, ...]:
    """names: (filter, id) → the name that goes with the id, where one is known."""
    return tuple(
        Chip(
            label=filter_label(name),
            value=shorten(
                parameter_to_typed(value, zone)
                if name in TIMES
                else names.get((_base(name), value))
                or value_label(name, value, environments=environments),
                max_length=MAX_CHIP_LENGTH,
            ),
            href=str(address.without(name, value)),
            is_excluding=name != _base(name),
        )
        for name, value in address.pairs
        if _base(name) in FILTERS
    )


def tidied(address: Address, zone: ZoneInfo) -> Address:
    """Return the address without empty fields, and with typed local times as instants."""
    return Address(
        path=address.path,
        pairs=tuple(
            (name, typed_to_parameter(value.strip(), zone) if name in TIMES else value)
            for name, value in address.pairs
            if value.strip()
        ),
    )


def _base(name: str) -> str:
    return name.removeprefix("exclude_")


def _single(address: Address, name: str) -> str:
    values = address.values(name)
    return values[0] if len(values) == 1 else ""


def _types(chosen: str) -> tuple[TypeGroup, ...]:
    codes: dict[str, list[str]] = {group: [] for group in GROUPS}
    for code, known in EVENT_TYPES.items():
        codes.setdefault(known.group, []).append(code)
    if chosen and chosen not in EVENT_TYPES:
        codes.setdefault("other", []).append(chosen)
    return tuple(
        TypeGroup(
            label=group_label(group),
            choices=tuple(
                Choice(value=code, label=type_label(code), is_chosen=code == chosen)
                for code in members
            ),
        )
        for group, members in codes.items()
        if members
    )


def _ranges(address: Address) -> tuple[Range, ...]:
    now = (address.values("from"), address.values("to"))
    presets = (
        ("-1h", _("1 h")),
        ("-24h", _("24 h")),
        ("-7d", _("7 d")),
        ("-30d", _("30 d")),
        ("-90d", _("90 d")),
    )
    anytime = Range(
        label=_("All"),
        href=str(address.only(**{"from": None, "to": None})),
        is_chosen=now == ((), ()),
    )
    return (
        *(
            Range(
                label=label,
                href=str(address.only(**{"from": value, "to": None})),
                is_chosen=now == ((value,), ()),
            )
            for value, label in presets
        ),
        anytime,
    )

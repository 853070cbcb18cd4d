"""Lists the filters that are on, and writes their URL in its tidy form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from audit.log.times import BadTime

from .filter_rows import base, filter_label, is_filter, value_label
from .labels import Environments
from .text import shorten
from .typed_range import ALWAYS, bound_parameter, read_range
from .url import Address, Pair

MAX_CHIP_LENGTH = 60
TIMES = ("from", "to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter that is on; href: the same search without it; turned: shutting out what it asked
    for, or the other way round
    """

    label: str
    value: str
    href: str
    turned: str
    is_excluding: bool
    pair: Pair


def chips(
    address: Address, *, environments: Environments, names: Mapping[Pair, str]
) -> tuple[Chip, ...]:
    """names: (filter, id) → the name that goes with the id, where one is known."""
    return tuple(
        Chip(
            label=filter_label(name),
            value=shorten(
                names.get((base(name), value))
                or value_label(name, value, environments=environments),
                max_length=MAX_CHIP_LENGTH,
            ),
            href=str(address.without(name, value)),
            turned=str(address.turned(name, value)),
            is_excluding=name != base(name),
            pair=(name, value),
        )
        for name, value in address.pairs
        if is_filter(name)
    )


def tidied(address: Address, *, zone: ZoneInfo, now: datetime) -> Address:
    """Return the address without empty fields, with typed local times as instants, and with a
    typed range as its two bounds. What can't be read stays, to be told of.
    """
    typed = address.values("range")
    if typed:
        try:
            first: str | None
            first, last = read_range(typed[-1], zone=zone, now=now)
            if not typed[-1].strip():
                first = None
            address = address.only(**{"range": None, "from": first, "to": last})
        except BadTime:
            pass  # The range that was shown stays; what can't be read is told of.
    return Address(
        path=address.path,
        pairs=tuple(
            (name, _bound(name, value.strip(), zone, now) if name in TIMES else value)
            for name, value in address.pairs
            if value.strip()
        ),
    )


def _bound(name: str, value: str, zone: ZoneInfo, now: datetime) -> str:
    try:
        return (
            value
            if value == ALWAYS
            else bound_parameter(value, zone=zone, now=now, is_end=name == "to")
        )
    except BadTime:
        return value

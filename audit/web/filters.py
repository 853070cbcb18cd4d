"""Which filters are on, and what does the address say in its tidy form?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from audit.record.times import BadTime

from .address import EXCLUDE, Address, Pair
from .labels import FILTERS, Environments, filter_label, value_label
from .moments import typed_to_parameter
from .text import shorten
from .time_range import read_range

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
        if base(name) in FILTERS
    )


def is_filter(name: str) -> bool:
    return base(name) in FILTERS


def base(name: str) -> str:
    """Return the filter's name without what makes it shut out."""
    return name.removeprefix(EXCLUDE)


def tidied(address: Address, *, zone: ZoneInfo, now: datetime) -> Address:
    """Return the address without empty fields, with typed local times as instants, and with a
    typed range as its two bounds. What can't be read stays, to be told of.
    """
    typed = address.values("range")
    if typed and typed[-1].strip():
        try:
            first, last = read_range(typed[-1], zone=zone, now=now)
            address = address.only(**{"range": None, "from": first, "to": last})
        except BadTime:
            address = address.only(**{"from": None, "to": None})
    return Address(
        path=address.path,
        pairs=tuple(
            (name, typed_to_parameter(value.strip(), zone) if name in TIMES else value)
            for name, value in address.pairs
            if value.strip()
        ),
    )

"""Which values does the search have most, and what would each leave of it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .address import Address, Pair
from .labels import Environments, filter_label, value_label
from .markup import dot
from .text import shorten, thin, visible

MAX_VALUES = 6
MAX_LABEL_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """href: the search with only this value or, where it is on already, without it
    dot: of an environment, else empty
    """

    label: str
    title: str
    dot: str
    count: str
    href: str
    shut_out: str
    is_on: bool
    pair: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """has_more: there are values that are not told"""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    has_more: bool


def facet(
    name: str,
    counts: Mapping[str, int] | Iterable[tuple[str, int]],
    *,
    address: Address,
    environments: Environments,
    names: Mapping[Pair, str] | None = None,
    has_more: bool = False,
) -> Facet | None:
    """Return the largest values of a filter; None where there is nothing to choose.

    names: (filter, id) → the name of an id, where one is known
    """
    pairs = counts.items() if isinstance(counts, Mapping) else counts
    largest = sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    if not largest:
        return None
    shown = [
        _value(name, key, count, address, environments, names or {})
        for key, count in largest[:MAX_VALUES]
    ]
    return Facet(
        name=name,
        label=filter_label(name),
        values=tuple(shown),
        has_more=has_more or len(largest) > MAX_VALUES,
    )


def _value(
    name: str,
    key: str,
    count: int,
    address: Address,
    environments: Environments,
    names: Mapping[Pair, str],
) -> FacetValue:
    is_on = key in address.values(name)
    known = names.get((name, key))
    label = known or value_label(name, key, environments=environments)
    return FacetValue(
        label=shorten(label, max_length=MAX_LABEL_LENGTH),
        title=visible(key) if label != key else "",
        dot=dot(environments.tag(key).colour) if name == "environment" else "",
        count=thin(count),
        href=str(address.without(name, key) if is_on else address.narrowed(name, key)),
        shut_out=str(address.shut_out(name, key)),
        is_on=is_on,
        pair=(name, key),
    )

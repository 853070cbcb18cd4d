"""Presents the most frequent values of a search, with what each would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from audit.web.parts.filter_rows import filter_label, value_label
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Markup, dot
from audit.web.parts.text import count_text, shorten, visible
from audit.web.parts.url import Address, Pair

MAX_VALUES = 6
MAX_LABEL_LENGTH = 40
IS_ON = ' class="is-on"'
IS_CURRENT = ' aria-current="true"'


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """href: the search with only this value or, where it is on already, without it
    colour: of an environment, else empty
    note: what tells it from another with the same label, else empty
    """

    label: str
    title: str
    note: str
    colour: str
    count: str
    href: str
    is_on: bool
    pair: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Of which events values were counted: "of the newest 2 000", "back to …" (where known)."""

    of: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """sample: where not all that match were counted; each count then says that there may be more"""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    sample: Sample | None

    @property
    def listed(self) -> FacetList:
        return FacetList(self.values, self.sample)


@dataclass(frozen=True, slots=True)
class FacetList(Markup):
    """The values as items of a list."""

    values: tuple[FacetValue, ...]
    sample: Sample | None

    def __html__(self) -> SafeString:
        said = SafeString("")
        if self.sample is not None:
            words = ", ".join(filter(None, (self.sample.of, self.sample.since)))
            said = SafeString(f' title="{escape(words)}"')
        return SafeString("\n".join(_item(value, said) for value in self.values))


def _dot(colour: str) -> SafeString:
    return dot(colour) if colour else SafeString("")


def _item(value: FacetValue, said: SafeString) -> str:
    """said: of the counts, as an attribute"""
    name, key = value.pair
    note = f'<small class="note"><bdi>{escape(value.note)}</bdi></small>' if value.note else ""
    title = f' title="{escape(value.title)}"' if value.title else ""
    return (
        f'<li{IS_ON if value.is_on else ""}><a href="{escape(value.href)}"'
        f' data-filter="{escape(name)}" data-value="{escape(key)}"{title}'
        f"{IS_CURRENT if value.is_on else ''}>{_dot(value.colour)}"
        f"<bdi>{escape(value.label)}</bdi>{note}</a>"
        f'<span class="number"{said}>{escape(value.count)}</span></li>'
    )


def facet(
    name: str,
    counts: Mapping[str, int] | Iterable[tuple[str, int]],
    *,
    address: Address,
    environments: Environments,
    names: Mapping[Pair, str] | None = None,
    sample: Sample | None = None,
    apart: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda named: {},
) -> Facet | None:
    """Return the largest values of a filter; None where there is nothing to choose.

    names: (filter, id) → the name of an id, where one is known; sample: as `Facet` has it
    apart: id → label to what tells those apart that have the same
    """
    pairs = counts.items() if isinstance(counts, Mapping) else counts
    largest = sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    if not largest:
        return None
    known = names or {}
    labels = {
        key: known.get((name, key)) or value_label(name, key, environments=environments)
        for key, _ in largest[:MAX_VALUES]
    }
    notes = _notes(labels, apart(labels))
    shown = [
        _value(
            name,
            key,
            count,
            address,
            environments,
            label=labels[key],
            note=notes.get(key, ""),
            is_sample=sample is not None,
        )
        for key, count in largest[:MAX_VALUES]
    ]
    return Facet(
        name=name,
        label=filter_label(name),
        values=tuple(shown),
        sample=sample,
    )


def _notes(labels: Mapping[str, str], apart: Mapping[str, str]) -> dict[str, str]:
    """Return id → "Dev · 17" for those whose label another has, too."""
    often = Counter(labels.values())
    return {
        key: " · ".join(part for part in (apart.get(key, ""), visible(key)) if part)
        for key, label in labels.items()
        if often[label] > 1
    }


def _value(
    name: str,
    key: str,
    count: int,
    address: Address,
    environments: Environments,
    *,
    label: str,
    note: str,
    is_sample: bool,
) -> FacetValue:
    is_on = key in address.values(name)
    return FacetValue(
        label=shorten(label, max_length=MAX_LABEL_LENGTH),
        title=visible(key) if label != key else "",
        note=note,
        colour=environments.tag(key).colour if name == "environment" else "",
        count=count_text(count, is_capped=is_sample),
        href=str(address.without(name, key) if is_on else address.narrowed(name, key)),
        is_on=is_on,
        pair=(name, key),
    )

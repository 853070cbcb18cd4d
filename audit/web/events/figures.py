"""Sums up a search in a few figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.web.parts.labels import type_label
from audit.web.parts.text import count_text, shorten, thin
from audit.web.parts.url import Address

from .search import SearchResult

MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """ "31 people" """

    count: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeShare:
    """One of the most frequent types. share: "41 %"; before: the same in as long a time before,
    empty where that is not known
    """

    label: str
    href: str
    share: str
    before: str


def most_frequent(
    counts: Mapping[str, int], before: Mapping[str, int] | None, *, address: Address
) -> tuple[TypeShare, ...]:
    """counts, before: events of each type"""
    total = sum(counts.values())
    total_before = sum(before.values()) if before else 0
    largest = sorted(counts, key=lambda code: (-counts[code], code))[:MOST]
    return tuple(
        TypeShare(
            label=shorten(type_label(code), max_length=40),
            href=str(address.narrowed("type", code)),
            share=_percent(counts[code], total),
            before=_percent(before.get(code, 0), total_before) if before and total_before else "",
        )
        for code in largest
        if total
    )


def count_figures(found: SearchResult) -> tuple[Figure, ...]:
    """How many different people, apps and environments; "31+" where only the newest were asked."""
    facets = {each.name: each for each in found.facets}
    figures = []
    for name, one, many in (
        ("actor", _("person"), _("people")),
        ("application", _("app"), _("apps")),
    ):
        if (each := facets.get(name)) and each.values:
            is_capped = not each.complete
            label = one if each.distinct == 1 and not is_capped else many
            figures.append(
                Figure(count=count_text(each.distinct, is_capped=is_capped), label=label)
            )
    if environments := len(found.counted.totals["environment"]):
        label = ngettext("environment", "environments", environments)
        figures.append(Figure(count=thin(environments), label=label))
    return tuple(figures)


def _percent(part: int, whole: int) -> str:
    """ "41 %", "0.3 %", "0 %" """
    share = 100 * part / whole
    return f"{share:.1f} %" if 0 < share < 1 else f"{share:.0f} %"

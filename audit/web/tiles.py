"""What is the search made of, in a few figures?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.query import Histogram

from .address import Address
from .labels import type_label
from .text import shorten

MOST = 4


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
    now: Histogram, before: Histogram | None, *, address: Address
) -> tuple[TypeShare, ...]:
    """now, before: by type"""
    counts, total = totals_of(now), now.total
    earlier = totals_of(before) if before is not None and before.total else None
    largest = sorted(counts, key=lambda code: (-counts[code], code))[:MOST]
    return tuple(
        TypeShare(
            label=shorten(type_label(code), max_length=40),
            href=str(address.narrowed("type", code)),
            share=_percent(counts[code], total),
            before=_percent(earlier.get(code, 0), before.total) if earlier and before else "",
        )
        for code in largest
        if total
    )


def totals_of(bars: Histogram) -> Mapping[str, int]:
    """Return key → how many, over all buckets."""
    totals: dict[str, int] = {}
    for bucket in bars.buckets:
        for key, count in bucket.counts.items():
            totals[key] = totals.get(key, 0) + count
    return totals


def _percent(part: int, whole: int) -> str:
    """ "41 %", "0.3 %", "0 %" """
    share = 100 * part / whole
    return f"{share:.1f} %" if 0 < share < 1 else f"{share:.0f} %"

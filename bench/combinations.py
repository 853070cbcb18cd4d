"""Which search is the slowest? All of up to three facets, each with four kinds of value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, product
from time import perf_counter

from .dataset import ENVIRONMENTS, VALUES

KINDS = ("frequent", "middling", "rare", "absent")
PAGE = 50
MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One search: its filters, the milliseconds it took, and whether it looked everywhere."""

    filters: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    milliseconds: float
    found: int
    is_complete: bool

    @property
    def address(self) -> str:
        return "&".join(f"{name}={value}" for name, value in self.filters)


def all_searches() -> Iterator[tuple[tuple[tuple[str, str], ...], tuple[str, ...]]]:
    """Yield (filters, kinds of value) of every combination, none twice."""
    seen = set()
    for size in range(MOST + 1):
        for facets in combinations(VALUES, size):
            for kinds in product(KINDS, repeat=size):
                filters = tuple(
                    (facet, str(getattr(VALUES[facet], kind)))
                    for facet, kind in zip(facets, kinds, strict=True)
                )
                if filters not in seen:
                    seen.add(filters)
                    yield filters, kinds


def measure_search(filters: tuple[tuple[str, str], ...], kinds: tuple[str, ...]) -> Measured:
    """Look for the first page as the product does, all statements together; the better of two."""
    from audit.conf import Scope, audit_settings
    from audit.query import EventQuery
    from audit.query.search import find_ids
    from audit.record.store import own_cursor

    wanted = dict(filters)
    environments = [wanted.pop("environment")] if "environment" in wanted else ENVIRONMENTS
    query = EventQuery(
        scope=Scope(grants=dict.fromkeys(environments)),
        include={name: (value,) for name, value in wanted.items()},
    )
    cursor = own_cursor(audit_settings().DATABASE)
    took = []
    for _ in range(2):
        began = perf_counter()
        found = find_ids(
            cursor,
            query,
            beyond=None,
            direction="older",
            limit=PAGE + 1,
            now=datetime.now(UTC),
        )
        took.append((perf_counter() - began) * 1_000)
        if took[0] > 100:
            break  # Slow the first time, and no warmer cache makes it fast.
    return Measured(
        filters=filters,
        kinds=kinds,
        milliseconds=min(took),
        found=len(found.ids),
        is_complete=found.is_complete,
    )

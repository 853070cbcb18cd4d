"""Into which days need a search look? Those on which the values that it wants meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from audit.facets import FACETS
from audit.log.day_values import COLUMNS, LASTING, first_day, value_key
from audit.log.ids import id_floor
from audit.log.statements import statement
from audit.models.event_type import UNREGISTERED

from .conditions import environment_numbers, numbers_of, types_elsewhere
from .event_query import CARRIED, EventQuery

# With more events that are not counted yet, or more values of a kind, all days are looked into.
# Where an index leads, that costs less.
MAX_UNCOUNTED = 20_000
MAX_UNCOUNTED_LED = 1_000
MAX_VALUES = 400
# So many events are walked in an index in the time that another stretch takes, which is planned by
# itself: of 740 first pages among 10 million the slowest took 58 ms with 500, 31 with 3,000, 26
# with 10,000 and 30 with 30,000.
EVENTS_BETWEEN = 10_000
# How many of all events an index leads to, where one leads: the few values that are more frequent
# are met every day.
LED_SHARE = 0.02
_LEADING = frozenset(name for name, facet in FACETS.items() if facet.index in ("wide", "own"))
_START = datetime(1970, 1, 1, tzinfo=UTC)
_READ = statement("query", "read_value_days")
_ALL_IDS = UUID(int=2**128 - 1)


class Stretch(NamedTuple):
    """Days since 1970, `[first, end)`, and the environments in which something may match then."""

    first: int
    end: int
    environments: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurring:
    """Where a search has to look.

    stretches: where counted events may match, oldest first
    known_from: the id before which any event may match, since no days are known of them; None: of
        all events they are
    uncounted: ids of events that may match anywhere, since no day is known of them yet
    events_a_day: how many an index leads to in a day, about
    """

    stretches: Sequence[Stretch]
    known_from: UUID | None
    uncounted: Sequence[UUID]
    events_a_day: float


def find_occurring(cursor: psycopg.Cursor[Any], query: EventQuery) -> Occurring | None:
    """Return where matches can be, or None where that isn't known: then anywhere."""
    wanted = _kinds_wanted(cursor, query)
    environments = sorted(environment_numbers(cursor, query).values())
    if not wanted or not environments:
        return None
    is_led = not _LEADING.isdisjoint(query.include)
    most = MAX_UNCOUNTED if CARRIED & query.include.keys() else MAX_UNCOUNTED_LED
    listed = [(n, value) for n, keys in enumerate(wanted.values()) for value in keys]
    lasting = sum(facets in LASTING for facets in wanted)
    cursor.execute(
        _READ,
        {
            "environments": environments,
            "most": most,
            "kinds": [n for n, _ in listed],
            "values": [value for _, value in listed],
            "count": len(wanted) - lasting,
            "lasting": lasting,
        },
        binary=True,
        prepare=True,
    )
    row = cursor.fetchone()
    assert row is not None  # an aggregate has a row
    uncounted, known_from, size, every, *met = row
    if len(uncounted) > most or known_from == _ALL_IDS:
        return None
    event_days = sum(days.bit_count() for days in every)
    share = LED_SHARE if is_led else 1.0
    a_day = share * (size or 0) / max(event_days, 1)
    days = _environments_of_days(zip(*(column or () for column in met), strict=True))
    return Occurring(
        stretches=list(_stretches(days, a_day)),
        known_from=known_from,
        uncounted=uncounted,
        events_a_day=a_day * len(environments),
    )


def day_floor(day: int) -> UUID:
    """Return the lowest id of a day since 1970."""
    return id_floor(_START + timedelta(days=day))


def _kinds_wanted(
    cursor: psycopg.Cursor[Any], query: EventQuery
) -> Mapping[tuple[str, ...], Sequence[int]]:
    """Return kind → keys of values, of which any must occur on a day: of all pairs, and of what is
    in none that has days.
    """
    numbers = {
        name: numbers_of(cursor, FACETS[name], query.include[name])
        for name in COLUMNS
        if name in query.include
    }
    if "type" in numbers and types_elsewhere(cursor, query):
        numbers["type"] += numbers_of(cursor, FACETS["type"], (UNREGISTERED,))
    kinds: list[tuple[str, ...]] = [
        pair
        for pair in combinations(numbers, 2)
        if len(numbers[pair[0]]) * len(numbers[pair[1]]) <= MAX_VALUES
    ]
    dated = {name for pair in kinds if pair not in LASTING for name in pair}
    kinds += [
        (name,)
        for name, values in numbers.items()
        if len(values) <= MAX_VALUES and name not in dated
    ]
    if all(facets in LASTING for facets in kinds):
        return {}
    return {
        facets: [
            value_key(facets, values) for values in product(*(numbers[name] for name in facets))
        ]
        for facets in kinds
    }


def _environments_of_days(met: Iterator[tuple[int, int, int]]) -> Mapping[int, set[int]]:
    """Return day → environments, in the order of days; met: environment, month, bits of days."""
    found: dict[int, set[int]] = {}
    for environment, month, bits in met:
        first = first_day(month)
        length = first_day(month + 1) - first
        for place in range(length):
            if bits >> place & 1:
                found.setdefault(first + place, set()).add(environment)
    return dict(sorted(found.items()))


def _stretches(days: Mapping[int, set[int]], events_a_day: float) -> Iterator[Stretch]:
    """Yield days as stretches: what lies between two is looked at where that costs less."""
    first = end = None
    environments: set[int] = set()
    for day, there in days.items():
        if first is not None and end is not None:
            between = (day - end) * events_a_day * len(environments | there)
            if between <= EVENTS_BETWEEN:
                end = day + 1
                environments |= there
                continue
            yield Stretch(first, end, tuple(sorted(environments)))
        first, end, environments = day, day + 1, set(there)
    if first is not None and end is not None:
        yield Stretch(first, end, tuple(sorted(environments)))

"""Which search is the slowest? All of up to three facets, each with four kinds of value.

Measured in SQL, among all events and among few. `python -m bench.combinations EVENTS EVERY` fills
the database of the settings with so many, measures there, and prints it as JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, product
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import urlencode

import msgspec
from tqdm import tqdm

from .access import make_access
from .databases import call, make_database
from .dataset import ENVIRONMENTS, VALUES, year_before
from .figure import Figure, markdown
from .loading import catch_up, load, vacuum
from .run import Result, Run

KINDS = ("frequent", "middling", "rare", "absent")
PAGE = 50
MOST = 3
AGAIN = 60
AGAIN_TIMES = 5
SMALL = "bench_small"
JUDGED_FROM = 1_000_000
Filters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One search: its filters, the milliseconds it took, and whether it looked everywhere."""

    filters: Filters
    milliseconds: tuple[float, ...]
    found: int
    is_complete: bool

    @property
    def address(self) -> str:
        return urlencode(self.filters)

    @property
    def best(self) -> float:
        return min(self.milliseconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches:
    """All that were measured, the slowest first; plain: milliseconds without a filter."""

    measured: list[Measured]
    plain: list[float]


def measure(run: Run) -> Result:
    """Measure every combination (in quick runs some), and the same among few events."""
    every, small = run.pick((600, 1_000), (40, 10_000), (1, 100_000))
    variables = make_database(run.installation, SMALL)
    few = msgspec.convert(call("bench.combinations", variables, str(small), str(every)), Searches)
    return _result(measure_searches(every), few, small=small, is_judged=run.events >= JUDGED_FROM)


def all_searches() -> Iterator[Filters]:
    """Yield the filters of every combination, none twice."""
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
                    yield filters


def measure_searches(every: int) -> Searches:
    """Measure every n-th combination, and the slowest of them again, in rounds: what was slow by
    chance, as the first of its kind or beside other work, is not what is looked for.
    """
    return measure_each([filters for filters in all_searches() if filters][::every])


def measure_each(searches: Sequence[Filters]) -> Searches:
    """The same of these."""
    measured = [measure_search(filters) for filters in tqdm(searches, "searches", disable=None)]
    measured.sort(key=lambda one: one.best, reverse=True)
    rounds, plain = [], []
    for _ in tqdm(range(AGAIN_TIMES), "the slowest again", disable=None):
        rounds.append([measure_search(one.filters, times=1) for one in measured[:AGAIN]])
        plain += [measure_search((), times=1).milliseconds[0] for _ in range(AGAIN_TIMES)]
    measured[:AGAIN] = [
        replace(one, milliseconds=tuple(again.milliseconds[0] for again in each))
        for one, *each in zip(measured, *rounds, strict=False)
    ]
    measured.sort(key=lambda one: one.best, reverse=True)
    return Searches(measured=measured, plain=plain)


def measure_search(filters: Filters, *, times: int = 2) -> Measured:
    """Look for the first page as the product does, all statements together."""
    from audit.conf import audit_settings
    from audit.contracts import Scope
    from audit.log.cursor import psycopg_cursor
    from audit.query import EventQuery
    from audit.query.search.bounded_search import find_ids

    wanted = dict(filters)
    environments = [wanted.pop("environment")] if "environment" in wanted else ENVIRONMENTS
    query = EventQuery(
        scope=Scope(grants=dict.fromkeys(environments)),
        include={name: (value,) for name, value in wanted.items()},
    )
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    took = []
    for _ in range(times):
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
    return Measured(
        filters=filters,
        milliseconds=tuple(took),
        found=len(found.ids),
        is_complete=found.is_complete,
    )


def table_of(measured: Sequence[Measured]) -> str:
    """Return searches as a table in Markdown."""
    rows = [
        (f"`{one.address}`", f"{one.best:.1f}", str(one.found), "yes" if one.is_complete else "no")
        for one in measured
    ]
    return markdown([("search", "ms", "found", "looked everywhere"), *rows])


def _result(many: Searches, few: Searches, *, small: int, is_judged: bool) -> Result:
    bests = [one.best for one in many.measured]
    worst = many.measured[0].milliseconds
    whole = [one for one in many.measured if one.is_complete]
    figures = [
        Figure(
            name="first page without a filter, SQL",
            unit="ms",
            values=many.plain,
            is_more_better=False,
        ),
        Figure(
            name="first page, the worst of all combinations of filters, SQL",
            unit="ms",
            values=worst,
            reference="without a filter",
            references=[median(many.plain)] * len(worst),
            is_more_better=False,
            floor=10,
            aim=3,
            value_floor=9,
            value_aim=4,
        ),
        Figure(
            name="… growth of the worst with the events",
            unit="ms",
            values=worst,
            reference=f"the worst among {small:,} events",
            references=few.measured[0].milliseconds,
            is_more_better=False,
            # Where all events together are few, both are mostly planning.
            floor=4 if is_judged else None,
            aim=2 if is_judged else None,
        ),
        Figure(
            name="… of 99 in 100 of the combinations",
            unit="ms",
            values=[quantiles(bests, n=100)[98]],
            is_more_better=False,
            value_floor=6,
            value_aim=2,
        ),
        Figure(
            name="… share that looked everywhere within the budget",
            unit="",
            values=[len(whole) / len(many.measured)],
        ),
    ]
    table = table_of(many.measured[:12])
    notes = (
        f"The slowest first pages in SQL, of {len(bests):,} combinations; each is the better of"
        f" two, the slowest {AGAIN} the best of {AGAIN_TIMES} more:\n\n{table}\n\nThe slowest among"
        f" {small:,} events: `{few.measured[0].address}`."
    )
    searches = [one.address for one in many.measured]
    return Result(figures=figures, notes=notes, searches=searches)


def main(events: int, every: int) -> None:
    """Measure among few events, in the database of the settings."""
    from config.configuration import configuration

    make_access()
    start = year_before(datetime.now(UTC))
    load(events, path=configuration().DATA_DIR / "small.json", start=start)
    catch_up()
    vacuum()
    sys.stdout.buffer.write(msgspec.json.encode(measure_searches(every)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

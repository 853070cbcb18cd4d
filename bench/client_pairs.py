"""How long does a first page take where two things of a reader's device and place are asked for?

Every pair of browser, system, class and country that the data set has: some of two frequent values
that hardly ever meet, which neither of their indexes tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from statistics import median, quantiles

from .combinations import Filters, Measured, measure_each, table_of
from .figure import Figure
from .run import Result, Run

NAMES = {
    "browser": "SELECT name FROM audit_browser",
    "os": "SELECT name FROM audit_operatingsystem",
    "device_class": "SELECT name FROM audit_deviceclass",
    "country": "SELECT name FROM audit_country",
}


def measure(run: Run) -> Result:
    """Measure all pairs (in quick runs some), and the slowest of them again."""
    every = run.pick(60, 10, 1)
    with run.installation.connect() as connection:
        values = {
            facet: [str(row[0]) for row in connection.execute(statement.encode())]
            for facet, statement in NAMES.items()
        }
    measured = measure_each([*pairs(values)][::every]).measured
    return Result(figures=_figures(measured), notes=_notes(measured))


def pairs(values: Mapping[str, Sequence[str]]) -> Iterator[Filters]:
    """Yield the filters of every two values of different facets."""
    for one, other in combinations(values, 2):
        for value, second in product(values[one], values[other]):
            yield (one, value), (other, second)


def _figures(measured: Sequence[Measured]) -> list[Figure]:
    bests = [one.best for one in measured]
    name = "first page, the worst pair of browser, system, class and country, SQL"
    return [
        Figure(
            name=name,
            unit="ms",
            values=measured[0].milliseconds,
            is_more_better=False,
            value_floor=60,
            value_aim=20,
        ),
        Figure(
            name="… of 99 in 100 of the pairs",
            unit="ms",
            values=[quantiles(bests, n=100)[98] if len(bests) > 1 else bests[0]],
            is_more_better=False,
            value_floor=20,
            value_aim=6,
        ),
        Figure(
            name="… the middle one of the pairs",
            unit="ms",
            values=[median(bests)],
            is_more_better=False,
        ),
        Figure(
            name="… share of the pairs that looked everywhere within the budget",
            unit="",
            values=[sum(one.is_complete for one in measured) / len(measured)],
        ),
    ]


def _notes(measured: Sequence[Measured]) -> str:
    return f"The slowest of {len(measured):,} pairs:\n\n{table_of(measured[:6])}"

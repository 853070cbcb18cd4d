"""How long does a reader wait for the bars of a year, and how much faster is that than counting?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import get_args

from tqdm import tqdm

from .dataset import ENVIRONMENTS, VALUES
from .figure import Figure
from .reader import reader_of
from .run import Result, Run
from .servers import web_server

YEAR = "/api/v1/events/histogram?from=-365d&by=type"
JUDGED_FROM = 5_000_000
SERVED = ("environment", "workspace", "type")
SUBJECTS = ("actor", "application")


def measure(run: Run) -> Result:
    """Measure through HTTP as JSON. Only where all are served by what is counted already are they
    held against counting from the events.
    """
    times, raw_times = run.pick((2, 1), (20, 2), (30, 2))
    served: dict[str, Mapping[str, str]] = {"": {}}
    served |= {f", with {name}": {name: VALUES[name].frequent} for name in SERVED}
    served[", with all three"] = {name: VALUES[name].frequent for name in SERVED}
    figures = []
    with web_server() as web, reader_of(web, run.installation.access) as reader:

        def bars(filters: Mapping[str, str], times: int) -> list[float]:
            more = "".join(f"&{name}={value}" for name, value in filters.items())
            reader.milliseconds(YEAR + more)
            return [reader.milliseconds(YEAR + more) for _ in range(times)]

        for name, filters in tqdm(served.items(), desc="bars of a year", disable=None):
            figures.append(
                Figure(
                    name=f"histogram of 12 months by type{name}, JSON by HTTP",
                    unit="ms",
                    values=bars(filters, times),
                    reference="counted from the events in SQL",
                    references=[_raw_milliseconds(filters) for _ in range(raw_times)],
                    is_more_better=False,
                    is_speedup=True,
                    # Counting what is there takes ever longer; reading what was counted doesn't.
                    floor=100 if run.events >= JUDGED_FROM else None,
                    aim=500 if run.events >= JUDGED_FROM else None,
                    value_floor=10,
                    value_aim=4,
                )
            )
        for name in SUBJECTS:
            word = {"actor": "a user", "application": "an app"}[name]
            figures.append(
                Figure(
                    name=f"histogram of 12 months by type, with {word}, JSON by HTTP",
                    unit="ms",
                    values=bars({name: VALUES[name].frequent}, min(times, 5)),
                    is_more_better=False,
                    value_floor=92,
                    value_aim=40,
                )
            )
    return Result(figures=figures)


def _raw_milliseconds(filters: Mapping[str, str]) -> float:
    """The same bars without rollups, by the statement that the product itself would use."""
    from audit.conf import audit_settings
    from audit.contracts import Scope
    from audit.log.cursor import psycopg_cursor
    from audit.query import EventQuery
    from audit.query.counts.series import Range, Split, count_ranges

    wanted = dict(filters)
    environments = [wanted.pop("environment")] if "environment" in wanted else ENVIRONMENTS
    cursor = psycopg_cursor(audit_settings().DATABASE)
    query = EventQuery(
        scope=Scope(grants=dict.fromkeys(environments)),
        include={name: (value,) for name, value in wanted.items()},
    )
    end = datetime.now(UTC)
    edges: Sequence[datetime] = [end - timedelta(days=n) for n in range(365, -1, -1)]
    began = perf_counter()
    count_ranges(cursor, query, [Range(edges=edges)], split=frozenset(get_args(Split)))
    return (perf_counter() - began) * 1_000

"""How slow is a first page where an import put very many events into a few hours?

What is known of days says nothing there. `python -m bench.burst EVENTS EVERY` fills the database of
the settings with so many, measures there, and prints it as JSON.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from statistics import quantiles

import msgspec

from .access import make_access
from .combinations import Searches, measure_searches
from .databases import call, scratch
from .figure import Figure
from .loading import catch_up, load, vacuum
from .run import Result, Run

SCRATCH = "bench_burst"
HOURS = 3
AGO = timedelta(days=3)


def measure(run: Run) -> Result:
    """Measure combinations of filters in a database with nothing but the import."""
    events, every = run.pick((1_000, 600), (30_000, 40), (1_000_000, 1))
    with scratch(run.installation, SCRATCH) as variables:
        found = msgspec.convert(call("bench.burst", variables, str(events), str(every)), Searches)
    bests = [one.best for one in found.measured]
    among = f"{events:,} events within {HOURS} hours"
    return Result(
        figures=[
            Figure(
                name=f"first page, the worst of the combinations, SQL, {among}",
                unit="ms",
                values=found.measured[0].milliseconds,
                is_more_better=False,
            ),
            Figure(
                name="… of 99 in 100 of the combinations there",
                unit="ms",
                values=[quantiles(bests, n=100)[98]],
                is_more_better=False,
            ),
            Figure(
                name="… share that looked everywhere within the budget there",
                unit="",
                values=[sum(one.is_complete for one in found.measured) / len(found.measured)],
            ),
        ],
        notes=f"The slowest first page among {among}: `{found.measured[0].address}`.",
    )


def main(events: int, every: int) -> None:
    """Measure among so many, in the database of the settings."""
    from config.configuration import configuration

    make_access()
    path = configuration().DATA_DIR / "burst.json"
    path.unlink(missing_ok=True)
    start = datetime.now(UTC) - AGO
    load(events, path=path, start=start, days=HOURS / 24)
    catch_up()
    vacuum()
    sys.stdout.buffer.write(msgspec.json.encode(measure_searches(every)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""How long does the planner think over many leaves? `python -m bench.planning` makes and asks."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import msgspec
from tqdm import tqdm

from .access import make_access
from .databases import call, scratch
from .dataset import ENVIRONMENTS
from .figure import Figure
from .run import Result, Run

SCRATCH = "bench_planning"
# Four environments of ours and the system's own.
LEAVES_A_MONTH = 5
LEAVES = (60, 400)
TIMES = 9


def measure(run: Run) -> Result:
    """Measure in a database with nothing but leaves, made as the product makes them."""
    with scratch(run.installation, SCRATCH) as variables:
        found = call("bench.planning", variables)
    return Result(
        figures=[
            Figure(
                name=f"planning over {leaves} leaves: {words}",
                unit="ms",
                values=milliseconds,
                is_more_better=False,
            )
            for leaves, words, milliseconds in found
        ]
    )


def main() -> list[tuple[int, str, list[float]]]:
    """Return (how many leaves, of what, milliseconds), in the database of the settings."""
    make_access()
    found = []
    for leaves in tqdm(LEAVES, desc="planning", disable=None):
        count = _make_leaves(leaves // LEAVES_A_MONTH, now=datetime.now(UTC))
        found += [
            (count, "a first page, newest months", _milliseconds(0)),
            (count, "a search that goes on to the oldest", _milliseconds(-1)),
        ]
    return found


def _make_leaves(months: int, *, now: datetime) -> int:
    """Have so many partitions, all that is older among them as one; return how many leaves."""
    from django.db import connections

    from audit.record import prepare_months

    back = months - 2
    year, month = divmod(now.year * 12 + now.month - 1 - back, 12)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT audit_make_partition(%s)", [now.date().replace(day=1)])
    prepare_months(date(year, month + 1, 1), now.date())
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_partition_tree('audit_event') WHERE isleaf")
        return int(cursor.fetchone()[0])


def _milliseconds(window: int) -> list[float]:
    """What the planner needs for the statement of one of a search's windows, again and again."""
    from audit.conf import audit_settings
    from audit.contracts import Scope
    from audit.log.cursor import psycopg_cursor
    from audit.query import EventQuery
    from audit.query.search.bounded_search import windows
    from audit.query.search.conditions import bounds_condition, joined, scope_condition

    cursor = psycopg_cursor(audit_settings().DATABASE)
    query = EventQuery(scope=Scope(grants=dict.fromkeys(ENVIRONMENTS)))
    low, high = list(windows(query, beyond=None, direction="older", now=datetime.now(UTC)))[window]
    where = joined([scope_condition(cursor, query), bounds_condition(low, high)])
    taken = []
    for _ in range(TIMES + 1):
        cursor.execute(
            "EXPLAIN (SUMMARY, FORMAT JSON) SELECT e.id FROM audit_event e"  # noqa: S608 (conditions that bind their values)
            f" WHERE {where.sql} ORDER BY e.id DESC LIMIT 51",
            where.params,
        )
        row = cursor.fetchone()
        assert row is not None  # EXPLAIN gives one row
        taken.append(float(row[0][0]["Planning Time"]))
    return taken[1:]  # The first one also reads the catalogue.


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main()))

"""Measures what a closed month takes, as it has grown and with its indexes rebuilt."""

from __future__ import annotations

from time import monotonic

import psycopg

from .figure import Figure
from .run import Result, Run
from .sizes import RECEIPTS


def measure(run: Run) -> Result:
    """Rebuild one leaf as maintenance does: the next one each time, so that a run that is taken up
    again finds one that has grown. None where all are small.
    """
    from django.utils import timezone

    from audit.conf import audit_settings
    from audit.log.cursor import psycopg_cursor
    from audit.worker.maintenance.leaves import QUIET, look_at_leaves, next_leaf
    from audit.worker.maintenance.reindexing import prepare_session
    from audit.worker.maintenance.run import rebuild

    cursor = psycopg_cursor(audit_settings().WORKER_DATABASE)
    prepare_session(cursor)
    look_at_leaves(cursor, now=timezone.now())
    leaf = next_leaf(cursor, now=timezone.now() + QUIET)
    if leaf is None:
        return Result()
    with run.installation.connect() as connection:
        events = _one(connection, f"SELECT count(*) FROM {leaf.name}")  # noqa: S608 (a leaf's name, read from the catalogue)
        grown = _one(connection, f"SELECT pg_indexes_size('{leaf.name}')") / events
        began = monotonic()
        if not rebuild(cursor, leaf, clock=timezone.now):
            raise RuntimeError(f"The indexes of {leaf.name} could not be rebuilt.")
        seconds = monotonic() - began
        rebuilt = _one(connection, f"SELECT pg_indexes_size('{leaf.name}')") / events
        row = _one(connection, f"SELECT pg_table_size('{leaf.name}')") / events
        receipts = _one(
            connection,
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"  # noqa: S608 (a constant of this module)
            f" WHERE c.relkind = 'r' AND c.relname IN {RECEIPTS}",
        ) / _one(connection, "SELECT sum(size) FROM audit_loghead")
    return Result(
        figures=[
            Figure(
                name="closed month: indexes an event, rebuilt",
                unit="bytes",
                values=[rebuilt],
                reference="as grown",
                references=[grown],
                is_more_better=False,
            ),
            Figure(
                name="closed month: bytes an event, row, indexes and receipts, rebuilt",
                unit="bytes",
                values=[row + rebuilt + receipts],
                reference="as grown",
                references=[row + grown + receipts],
                is_more_better=False,
                value_floor=1_930,
                value_aim=1_880,
            ),
            Figure(
                name="closed month: rebuilding it while nothing else is done",
                unit="µs/event",
                values=[1e6 * seconds / events],
                is_more_better=False,
            ),
        ]
    )


def _one(connection: psycopg.Connection, statement: str) -> float:
    row = connection.execute(statement.encode()).fetchone()
    return float(row[0] or 0) if row else 0.0

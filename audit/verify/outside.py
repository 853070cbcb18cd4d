"""Finds rows that no receipt of the log knows: added past the one way in, or added twice."""

from __future__ import annotations

from typing import Any

import psycopg

from .findings import Finding, Report
from .log import Log
from .rows import text_of

MOST_TOLD = 1_000


def find_outside(cursor: psycopg.Cursor[Any], log: Log, *, report: Report) -> None:
    """Report rows of an environment that are in none of its receipts, MOST_TOLD at most.

    Reads each row's receipt number: those receipts that have more rows than events, or aren't
    there, are then looked at one by one.
    """
    cursor.execute(
        "SELECT n.submission_id FROM (SELECT e.submission_id, count(*) AS rows"  # noqa: S608 (numbers)
        f" FROM audit_event e WHERE e.environment = {log.environment:d} GROUP BY 1) n"
        " LEFT JOIN audit_submission s ON s.id = n.submission_id"
        " WHERE s.id IS NULL OR s.environment <> %s OR n.rows > cardinality(s.event_ids)",
        [log.environment],
    )
    suspects = [row[0] for row in cursor]
    if not suspects:
        return
    cursor.execute(
        "SELECT uuid_send(e.id), e.submission_id FROM audit_event e"  # noqa: S608 (numbers)
        " LEFT JOIN audit_submission s ON s.id = e.submission_id AND s.environment = e.environment"
        f" WHERE e.environment = {log.environment:d} AND e.submission_id = ANY(%s)"
        " AND NOT coalesce(e.id = ANY(s.event_ids), false) LIMIT %s",
        [suspects, MOST_TOLD],
        binary=True,
    )
    for event_id, submission in cursor.fetchall():
        report(
            Finding(
                environment=log.key,
                part="row",
                message=f"no receipt holds it; it says to be of {submission}",
                event_id=text_of(event_id),
            )
        )

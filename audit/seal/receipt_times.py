"""Finds from which position on the receipts of a log came at a time or later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg


def first_position_since(cursor: psycopg.Cursor[Any], environment: int, moment: datetime) -> int:
    """Return the position from which on receipts came at a moment or later, found by halving: it is
    that of the log's end where none did.
    """
    cursor.execute("SELECT size FROM audit_loghead WHERE environment = %s", [environment])
    head = cursor.fetchone()
    low, high = 0, head[0] if head else 0
    while low < high:
        middle = (low + high) // 2
        cursor.execute(
            "SELECT p.first, p.first + p.count, s.received_at FROM audit_position p"
            " JOIN audit_submission s ON s.id = p.submission_id"
            " WHERE p.environment = %s AND p.first <= %s ORDER BY p.first DESC LIMIT 1",
            [environment, middle],
        )
        row = cursor.fetchone()
        if row is None:
            return low
        if row[2] < moment:
            low = row[1]
        else:
            high = row[0]
    return low

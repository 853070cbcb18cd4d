"""Names the log of an environment: `<installation id>/<environment>`."""

from __future__ import annotations

from typing import Any

import psycopg


def read_origin(cursor: psycopg.Cursor[Any], environment: int, *, epoch: int) -> str:
    """Return the origin of an environment's log; from the second epoch on it tells which."""
    cursor.execute(
        "SELECT i.uuid::text, e.key FROM audit_installation i, audit_environment e WHERE e.id = %s",
        [environment],
    )
    row = cursor.fetchone()
    assert row is not None  # neither row is ever deleted
    return "/".join(row if epoch == 1 else (*row, str(epoch)))

"""Tells which leaves of closed months deserve new indexes, and remembers which have them.

An index that is led by a hash and grows in order of time is left half empty: what has one hash is
split in the middle, and nothing comes between any more. Rebuilt it takes a third less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from audit.log.statements import statement

# A month is closed so long after its end: what arrives late is mostly in by then.
SETTLED = timedelta(days=2)
# Nothing much may have come for so long: an import into a closed month ends first.
QUIET = timedelta(hours=1)
RETRY = timedelta(minutes=10)
# Who may not, may not in ten minutes either.
RETRY_NOT_ALLOWED = timedelta(days=1)
# A smaller leaf gains nothing that counts.
MIN_HEAP_BYTES = 2**20
LOCKED, NO_ROOM, NOT_ALLOWED = "locked", "no-room", "not-allowed"

# A hundredth more is as good as nothing, a tenth more is worth another rebuilding.
_IS_WANTING = "(m.rebuilt_heap_bytes IS NULL OR m.heap_bytes > 1.1 * m.rebuilt_heap_bytes)"
_LOOK = statement("worker", "look_at_leaves")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf that is due. heap_bytes: of its rows; rebuilt_indexes: those that are done already"""

    name: str
    heap_bytes: int
    rebuilt_indexes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceState:
    """rebuilt_at: when a leaf was last done; remaining: leaves that deserve it; problem: why the
    last attempt at one of them failed, LOCKED, NO_ROOM, NOT_ALLOWED or ""
    """

    rebuilt_at: datetime | None
    remaining: int
    problem: str


def look_at_leaves(cursor: psycopg.Cursor[Any], *, now: datetime) -> None:
    """Note how large the leaves of closed months are, and forget those that are gone."""
    cursor.execute(
        "DELETE FROM audit_maintenance WHERE to_regclass(quote_ident(leaf)) IS NULL",
    )
    cursor.execute(_LOOK, {"now": now, "settled": now - SETTLED, "least": MIN_HEAP_BYTES})


def forget_refusals(cursor: psycopg.Cursor[Any]) -> None:
    """Where this login may maintain, what another one was refused doesn't have to wait."""
    cursor.execute(
        "UPDATE audit_maintenance SET tried_at = NULL, problem = '' WHERE problem = %s"
        " AND (current_setting('server_version_num')::int >= 170000 OR pg_has_role("
        "(SELECT relowner FROM pg_class WHERE oid = to_regclass('audit_event')), 'USAGE'))",
        [NOT_ALLOWED],
    )


def next_leaf(cursor: psycopg.Cursor[Any], *, now: datetime) -> Leaf | None:
    """Return the leaf that is due, of the newest month first: it is read the most."""
    cursor.execute(
        "SELECT m.leaf, m.heap_bytes, m.rebuilt_indexes FROM audit_maintenance m"  # noqa: S608 (a constant of this module)
        f" WHERE {_IS_WANTING} AND m.since <= %s AND (m.tried_at IS NULL"
        " OR m.tried_at <= CASE m.problem WHEN %s THEN %s ELSE %s END)"
        r" ORDER BY substring(m.leaf FROM '\d{6}') DESC NULLS LAST, m.leaf LIMIT 1",
        [now - QUIET, NOT_ALLOWED, now - RETRY_NOT_ALLOWED, now - RETRY],
    )
    row = cursor.fetchone()
    if row is None:
        return None
    return Leaf(name=row[0], heap_bytes=row[1], rebuilt_indexes=frozenset(row[2]))


def note_index(cursor: psycopg.Cursor[Any], leaf: Leaf, index: str) -> None:
    """Note that an index of a leaf is done, the others not yet."""
    cursor.execute(
        "UPDATE audit_maintenance SET rebuilt_indexes = rebuilt_indexes || %s::text"
        " WHERE leaf = %s",
        [index, leaf.name],
    )


def note_rebuilt(
    cursor: psycopg.Cursor[Any], leaf: Leaf, *, before: int, after: int, now: datetime
) -> None:
    """Note that all indexes of a leaf are done. before, after: their bytes"""
    cursor.execute(
        "UPDATE audit_maintenance SET rebuilt_heap_bytes = %s, rebuilt_at = %s,"
        " rebuilt_indexes = '{}', bytes_before = %s, bytes_after = %s, tried_at = NULL,"
        " problem = '' WHERE leaf = %s",
        [leaf.heap_bytes, now, before, after, leaf.name],
    )


def note_problem(cursor: psycopg.Cursor[Any], leaf: Leaf, problem: str, *, now: datetime) -> None:
    """Note why a leaf is still to be done."""
    cursor.execute(
        "UPDATE audit_maintenance SET tried_at = %s, problem = %s WHERE leaf = %s",
        [now, problem, leaf.name],
    )


def read_maintenance(cursor: psycopg.Cursor[Any]) -> MaintenanceState:
    """Return what was done last, and what remains."""
    cursor.execute(
        f"SELECT max(m.rebuilt_at), count(*) FILTER (WHERE {_IS_WANTING}),"  # noqa: S608 (a constant of this module)
        f" (array_agg(m.problem ORDER BY m.tried_at DESC) FILTER (WHERE {_IS_WANTING}"
        " AND m.tried_at IS NOT NULL))[1] FROM audit_maintenance m"
    )
    row: Mapping[int, Any] | Any = cursor.fetchone()
    return MaintenanceState(rebuilt_at=row[0], remaining=row[1], problem=row[2] or "")

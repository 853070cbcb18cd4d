"""Reads and writes the tables of events: fast, and each event once.

One way for one event and for ten thousand: look the named ones up (of many a few first), COPY those
that aren't there in the order of their ids, and where some were there all the same (a unique
violation), look all of them up. Sorted order keeps overlapping requests from deadlocking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from audit.log.generation import GENERATION_SQL, check_generation
from audit.log.leaf_hashes import find_leaf_hashes
from audit.record.evidence.copy_format import SIGNATURE, TRAILER
from audit.record.evidence.rows import COLUMNS

_COPY_EVENTS = f"COPY audit_event ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_COPY_TARGETS = (
    "COPY audit_event_target (event_id, target_hash, environment, kind, target_id)"
    " FROM STDIN (FORMAT BINARY)"
)
_TARGET_TYPES = ["uuid", "int4", "int2", "text", "text"]


class Stored(NamedTuple):
    """An event that is in the table already; a part is None where it was erased."""

    head: str | None
    personal: str | None
    details: str | None
    leaf_hash: bytes | None


class NewSubmission(NamedTuple):
    """A receipt to be; ids, leaf_hashes: in ordinal order, at least one."""

    environment: int
    sender_id: int | None
    key_id: int | None
    received_at: datetime
    ids: Sequence[UUID]
    leaf_hashes: Sequence[bytes]


def find_stored(
    cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, environment: int
) -> Mapping[UUID, Stored]:
    """Return those of the events that are there; ids: sorted.

    The bounds are literals so that partitions are chosen while planning.
    """
    if not ids:
        return {}
    cursor.execute(
        "SELECT e.id, e.head, e.personal, e.details, e.submission_id, e.ordinal FROM audit_event e"  # noqa: S608 (a number, UUIDs)
        f" WHERE e.environment = {environment:d} AND e.id = ANY(%b)"
        f" AND e.id BETWEEN '{ids[0]}' AND '{ids[-1]}'",
        [list(ids)],
        binary=True,
    )
    found = cursor.fetchall()
    leaves = find_leaf_hashes(cursor, (row[4:] for row in found))
    return {
        id_: Stored(head, personal, details, leaves.get((submission_id, ordinal)))
        for id_, head, personal, details, submission_id, ordinal in found
    }


def copy_events(cursor: psycopg.Cursor[Any], rows: Iterable[bytes]) -> None:
    """Send rows of `make_row`, in the order of their ids, into the event table."""
    with cursor.copy(_COPY_EVENTS) as copy:
        copy.write(b"".join((SIGNATURE, *rows, TRAILER)))


def copy_targets(cursor: psycopg.Cursor[Any], rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows, sorted, into the table of targets."""
    with cursor.copy(_COPY_TARGETS) as copy:
        copy.set_types(_TARGET_TYPES)
        for row in rows:
            copy.write_row(row)


def insert_submissions(
    cursor: psycopg.Cursor[Any], submissions: Sequence[NewSubmission]
) -> list[int]:
    """Store receipts, ask for their sealing, and return their ids in the same order.

    Raises TablesEmptied where the numbers that they are stored with are of a log that is no more.
    """
    ends = list(accumulate(len(one.ids) for one in submissions))
    ids = [id_ for one in submissions for id_ in one.ids]
    cursor.execute(
        "WITH s AS (INSERT INTO audit_submission"  # noqa: S608 (a constant of our own)
        " (environment, sender_id, key_id, received_at, event_ids, leaf_hashes)"
        " SELECT u.environment, u.sender_id, u.key_id, u.received_at,"
        " (%b::uuid[])[u.first : u.last], (%b::bytea[])[u.first : u.last]"
        " FROM unnest(%b::int2[], %b::int4[], %b::int4[], %b::timestamptz[], %b::int4[],"
        " %b::int4[]) AS u (environment, sender_id, key_id, received_at, first, last)"
        " RETURNING id, environment, event_ids[1] AS first_event),"
        " p AS (INSERT INTO audit_pending (submission_id, environment)"
        " SELECT id, environment FROM s)"
        f" SELECT first_event, id, {GENERATION_SQL} FROM s",
        [
            ids,
            [leaf for one in submissions for leaf in one.leaf_hashes],
            [one.environment for one in submissions],
            [one.sender_id for one in submissions],
            [one.key_id for one in submissions],
            [one.received_at for one in submissions],
            [1, *(end + 1 for end in ends[:-1])],
            ends,
        ],
        binary=True,
    )
    # By their first events, since a statement may return rows in any order.
    rows = cursor.fetchall()
    check_generation(rows[0][2])
    numbers: dict[UUID, int] = {first: number for first, number, _file in rows}
    return [numbers[one.ids[0]] for one in submissions]


def claim_timeless(
    cursor: psycopg.Cursor[Any], wanted: Mapping[bytes, UUID]
) -> Mapping[bytes, UUID]:
    """Return the event id that each id without a time has, giving the wanted one where none is."""
    hashes = sorted(wanted)
    cursor.execute(
        "INSERT INTO audit_timelessid (hash, event_id)"
        " SELECT * FROM unnest(%b::bytea[], %b::uuid[]) ON CONFLICT DO NOTHING",
        [hashes, [wanted[h] for h in hashes]],
    )
    cursor.execute(
        "SELECT hash, event_id FROM audit_timelessid WHERE hash = ANY(%b::bytea[])", [hashes]
    )
    return {bytes(row[0]): row[1] for row in cursor}

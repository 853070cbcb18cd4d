"""Finds the leaf hash of a stored event in its receipt, among those of its request.

A receipt's array of a thousand hashes lies outside of its row, and is read whole for each hash that
is picked from it: so where many of one receipt are asked for, the array is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

# A whole array is taken where at least one in so many of its hashes is asked for; so what is held
# in memory at most is so many times what was asked for.
WHOLE_FOR_ONE_IN = 64


def find_leaf_hashes(
    cursor: psycopg.Cursor[Any], ordinals: Iterable[tuple[int, int]]
) -> Mapping[tuple[int, int], bytes]:
    """Return the leaf hash of each (submission's number, ordinal) whose receipt is there."""
    wanted: dict[int, list[int]] = {}
    for submission_id, ordinal in ordinals:
        wanted.setdefault(submission_id, []).append(ordinal)
    if not wanted:
        return {}
    cursor.execute(
        "SELECT s.id, CASE WHEN cardinality(s.event_ids) <= w.most THEN s.leaf_hashes END"
        " FROM unnest(%b::int8[], %b::int8[]) AS w (id, most)"
        " JOIN audit_submission s ON s.id = w.id",
        [list(wanted), [len(ordinals) * WHOLE_FOR_ONE_IN for ordinals in wanted.values()]],
        binary=True,
    )
    found: dict[tuple[int, int], bytes] = {}
    picked: list[tuple[int, int]] = []
    for submission_id, hashes in cursor.fetchall():
        for ordinal in wanted[submission_id]:
            if hashes is None:
                picked.append((submission_id, ordinal))
            elif ordinal < len(hashes):
                found[submission_id, ordinal] = hashes[ordinal]
    return found | _pick(cursor, picked)


def _pick(
    cursor: psycopg.Cursor[Any], ordinals: list[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    if not ordinals:
        return {}
    cursor.execute(
        "SELECT w.id, w.ordinal, s.leaf_hashes[w.ordinal + 1]"
        " FROM unnest(%b::int8[], %b::int4[]) AS w (id, ordinal)"
        " JOIN audit_submission s ON s.id = w.id",
        [[key[0] for key in ordinals], [key[1] for key in ordinals]],
        binary=True,
    )
    return {(row[0], row[1]): row[2] for row in cursor.fetchall() if row[2] is not None}

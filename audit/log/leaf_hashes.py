"""Finds the leaf hash of a stored event in its receipt, among those of its request.

A receipt's array of a thousand hashes lies outside of its row, and would be read whole for each
hash that is picked from it: so it is read once, whatever is asked for of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

import psycopg

# A whole array is taken where at least one in so many of its hashes is asked for: to pick one is to
# pass over those before it. So what is held in memory at most is so many times what was asked for.
WHOLE_FOR_ONE_IN = 64
# Joined with nothing, an array is a value at hand; as a column it would be read for each hash.
_FIND = """
SELECT w.id, cardinality(a.hashes) <= w.most, CASE WHEN cardinality(a.hashes) <= w.most
    THEN a.hashes ELSE ARRAY(
        SELECT a.hashes[o.n + 1] FROM unnest((%b::int4[])[w.first:w.last]) AS o (n)) END
FROM unnest(%b::int8[], %b::int4[], %b::int4[], %b::int8[]) AS w (id, first, last, most),
    LATERAL (SELECT s.leaf_hashes || '{}'::bytea[] AS hashes
        FROM audit_submission s WHERE s.id = w.id OFFSET 0) AS a
"""


def find_leaf_hashes(
    cursor: psycopg.Cursor[Any], ordinals: Iterable[tuple[int, int]]
) -> Mapping[tuple[int, int], bytes]:
    """Return the leaf hash of each (submission's number, ordinal) whose receipt is there."""
    wanted: dict[int, list[int]] = {}
    for submission_id, ordinal in ordinals:
        wanted.setdefault(submission_id, []).append(ordinal)
    if not wanted:
        return {}
    asked = [ordinal for own in wanted.values() for ordinal in own]
    lasts = list(accumulate(map(len, wanted.values())))
    firsts = [last - len(own) + 1 for last, own in zip(lasts, wanted.values(), strict=True)]
    most = [len(own) * WHOLE_FOR_ONE_IN for own in wanted.values()]
    cursor.execute(_FIND, [asked, list(wanted), firsts, lasts, most], binary=True)
    found: dict[tuple[int, int], bytes] = {}
    for submission_id, is_whole, hashes in cursor:
        own = wanted[submission_id]
        picked = (hashes[n] if n < len(hashes) else None for n in own) if is_whole else hashes
        for ordinal, leaf_hash in zip(own, picked, strict=True):
            if leaf_hash is not None:
                found[submission_id, ordinal] = leaf_hash
    return found

"""Reads the receipts of a log in the order of its positions, and notices what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from audit.log.statements import statement
from audit.seal.arrays import elements_of
from audit.tlog.hashes import HASH_BYTES

from .findings import Finding, Report

_ID_BYTES = 16
# Receipts are read so many at a time.
_STEP = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """ids: of its events, 16 bytes each; leaves: their hashes, 32 bytes each, as many"""

    submission: int
    first: int
    ids: Sequence[bytes]
    leaves: Sequence[bytes]


def read_receipts(
    cursor: psycopg.Cursor[Any],
    environment: int,
    *,
    key: str,
    start: int,
    end: int,
    report: Report,
) -> Iterator[Receipt]:
    """Yield the receipts that hold the positions `[start, end)`, whole ones.

    key: of the environment. Where positions or a receipt are missing, that is reported, and
    hashes of zeros stand in their place, so that what follows keeps its position.
    """
    expected = None
    at = _first_of(cursor, environment, start)
    while at < end:
        rows = _read(cursor, environment, at, end)
        if not rows:
            break
        for submission, first, count, ids, leaves in rows:
            if expected is not None and first != expected:
                message = f"positions {expected} to {first} are given to no receipt, or twice"
                report(Finding(environment=key, part="position", message=message, position=first))
                if first > expected:
                    yield _nothing(expected, first - expected)
            receipt = _receipt(submission, first, ids, leaves)
            if len(receipt.ids) != count or len(receipt.leaves) != count:
                message = f"the receipt {submission} does not hold {count} ids and leaf hashes"
                report(Finding(environment=key, part="receipt", message=message, position=first))
                receipt = _nothing(first, count)
            yield receipt
            expected = first + count
            at = expected
    if expected is not None and expected < end:
        message = f"positions {expected} to {end} are given to no receipt"
        report(Finding(environment=key, part="position", message=message, position=expected))


def _first_of(cursor: psycopg.Cursor[Any], environment: int, position: int) -> int:
    """Return the first position of the receipt that holds a position."""
    cursor.execute(
        "SELECT first FROM audit_position WHERE environment = %s AND first <= %s"
        " ORDER BY first DESC LIMIT 1",
        [environment, position],
    )
    row = cursor.fetchone()
    return int(row[0]) if row is not None else 0


def _read(
    cursor: psycopg.Cursor[Any], environment: int, at: int, end: int
) -> list[tuple[Any, ...]]:
    cursor.execute(
        statement("verify", "read_receipts"),
        [environment, at, end, at + _STEP, _STEP],
        binary=True,
    )
    rows = cursor.fetchall()
    if rows or at + _STEP >= end:
        return rows
    return _read(cursor, environment, at + _STEP, end)


def _receipt(submission: int, first: int, ids: bytes | None, leaves: bytes | None) -> Receipt:
    hashes = elements_of(leaves or b"")
    return Receipt(
        submission=submission,
        first=first,
        ids=elements_of(ids or b""),
        leaves=hashes if all(len(hash_) == HASH_BYTES for hash_ in hashes) else (),
    )


def _nothing(first: int, count: int) -> Receipt:
    return Receipt(
        submission=0,
        first=first,
        ids=[bytes(_ID_BYTES)] * count,
        leaves=[bytes(HASH_BYTES)] * count,
    )

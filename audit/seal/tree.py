"""Grows the Merkle tree of an environment's log by the leaves that have positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from django.db import transaction

from audit.errors import LogBroken
from audit.log.cursor import psycopg_cursor
from audit.roles import SEALER, acting_as
from audit.tlog.growing import grow
from audit.tlog.hashes import HASH_BYTES
from audit.tlog.tree import Frontier

from .arrays import elements_of
from .positions import LogMoved

MAX_LEAVES = 50_000


def grow_tree(environment: int, *, using: str) -> int:
    """Append the leaves of the next receipts that have positions, about MAX_LEAVES at most.

    Returns how many leaves. The row of the log head is locked meanwhile. Raises LogMoved, and
    LogBroken where a receipt is missing or doesn't hold as many hashes as positions.
    """
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, SEALER):
            return _grow(cursor, environment)


def unsealed_environments(cursor: psycopg.Cursor[Any]) -> list[int]:
    """Return the environments whose tree lacks leaves that have positions."""
    cursor.execute(
        "SELECT environment FROM audit_loghead WHERE tree_size < size ORDER BY environment"
    )
    return [row[0] for row in cursor]


def kept_frontier(size: int, hashes: Sequence[bytes]) -> Frontier:
    """Return the frontier that a log head keeps. Raises LogBroken where it is none of that size."""
    try:
        return Frontier(size, map(bytes, hashes))
    except ValueError as error:
        raise LogBroken(f"The frontier of a log head is broken: {error}.") from None


def _grow(cursor: psycopg.Cursor[Any], environment: int) -> int:
    cursor.execute(
        "SELECT tree_size, frontier, epoch FROM audit_loghead WHERE environment = %s FOR UPDATE",
        [environment],
    )
    row = cursor.fetchone()
    if row is None:
        return 0
    start, hashes, epoch = row
    frontier = kept_frontier(start, hashes)
    completed = list(grow(frontier, _leaves(cursor, environment, start)))
    if frontier.size == start:
        return 0
    if completed:
        levels, indexes, roots = zip(*completed, strict=True)
        cursor.execute(
            'INSERT INTO audit_tilehash (environment, epoch, level, "index", hash)'
            " SELECT %s, %s, u.level, u.index, u.hash"
            " FROM unnest(%s::int2[], %s::int8[], %s::bytea[]) AS u (level, index, hash)",
            [environment, epoch, list(levels), list(indexes), list(roots)],
        )
    cursor.execute(
        "UPDATE audit_loghead SET tree_size = %s, frontier = %s"
        " WHERE environment = %s AND tree_size = %s",
        [frontier.size, frontier.hashes, environment, start],
    )
    if cursor.rowcount != 1:
        raise LogMoved(f"The tree of environment {environment} is no longer at {start}.")
    return frontier.size - start


def _leaves(cursor: psycopg.Cursor[Any], environment: int, start: int) -> Iterator[bytes]:
    """Yield the leaf hashes from a position on that begins a receipt. Raises LogBroken."""
    cursor.execute(
        "SELECT p.first, p.count, array_send(s.leaf_hashes) FROM audit_position p"
        " LEFT JOIN audit_submission s ON s.id = p.submission_id"
        " WHERE p.environment = %s AND p.first >= %s AND p.first < %s ORDER BY p.first",
        [environment, start, start + MAX_LEAVES],
        binary=True,
    )
    expected = start
    for first, count, array in cursor.fetchall():
        if first != expected:
            raise LogBroken(
                f"Positions {expected} to {first} of environment {environment} are"
                " given to no receipt."
            )
        hashes = elements_of(array or b"")
        if len(hashes) != count or any(len(hash_) != HASH_BYTES for hash_ in hashes):
            raise LogBroken(
                f"The receipt at position {first} of environment {environment} does not hold"
                f" {count} leaf hashes."
            )
        yield from hashes
        expected = first + count

"""Does what is due of maintenance, one thing at a time, in a process of its own.

It is begun by the worker, since a leaf may take minutes, and positions must not wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import psycopg
from django.db import transaction
from django.utils import timezone

from audit.errors import Busy
from audit.log.cursor import psycopg_cursor
from audit.log.one_at_a_time import alone
from audit.log.splitting import split_before

from .crowded import before_bytes, crowded_month
from .leaves import (
    LOCKED,
    NO_ROOM,
    NOT_ALLOWED,
    Leaf,
    forget_refusals,
    look_at_leaves,
    next_leaf,
    note_index,
    note_problem,
    note_rebuilt,
)
from .reindexing import (
    NoRoom,
    clear_unfinished,
    indexes_of,
    prepare_session,
    reindex,
    require_room,
)

# The two numbers of the advisory lock of whoever maintains: "audi", "main".
MAINTENANCE_LOCK = (0x61756469, 0x6D61696E)
COMMAND = "maintain"
POLL_SECONDS = 60.0
Clock = Callable[[], datetime]
_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (NoRoom, NO_ROOM),
    (psycopg.errors.DiskFull, NO_ROOM),
    (psycopg.errors.LockNotAvailable, LOCKED),
    (psycopg.errors.DeadlockDetected, LOCKED),
    (psycopg.errors.InsufficientPrivilege, NOT_ALLOWED),
)
logger = logging.getLogger(__name__)


def is_due(*, using: str, clock: Clock = timezone.now) -> bool:
    """Look at the leaves of closed months, and at "before": is there something to do?"""
    now = clock()
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        look_at_leaves(cursor, now=now)
        return next_leaf(cursor, now=now) is not None or crowded_month(cursor) is not None


def maintain(*, using: str, clock: Clock = timezone.now) -> int:
    """Split "before" where a month crowds it, then rebuild the indexes of all leaves that are due;
    return of how many. Where another process is
    at it already, there is nothing to do.
    """
    cursor = psycopg_cursor(using)
    with alone(cursor, MAINTENANCE_LOCK) as is_ours:
        if not is_ours:
            return 0
        count = 0
        prepare_session(cursor)
        forget_refusals(cursor)
        _split(cursor, using=using)
        while (leaf := next_leaf(cursor, now=clock())) is not None:
            count += rebuild(cursor, leaf, clock=clock)
    return count


def _split(cursor: psycopg.Cursor[Any], *, using: str) -> None:
    month = crowded_month(cursor)
    if month is None:
        return
    try:
        before = before_bytes(cursor)
        require_room(cursor, before)
        split_before(month, using=using)
        logger.info(
            "The months from %s on have partitions of their own; what is older takes %s bytes"
            " instead of %s.",
            f"{month:%Y-%m}",
            f"{before_bytes(cursor):,}",
            f"{before:,}",
        )
    except (NoRoom, Busy) as error:
        logger.warning("The months from %s on are not split yet: %s", f"{month:%Y-%m}", error)


def rebuild(cursor: psycopg.Cursor[Any], leaf: Leaf, *, clock: Clock) -> bool:
    """Rebuild the indexes of a leaf; return whether all are done. Why not is noted, and the leaf's
    turn comes again.
    """
    try:
        clear_unfinished(cursor, leaf.name)
        indexes = indexes_of(cursor, leaf.name)
        for index, size in indexes:
            if index not in leaf.rebuilt_indexes:
                # It is sorted on disk and written anew before the old one goes.
                require_room(cursor, 2 * size)
                reindex(cursor, index)
                note_index(cursor, leaf, index)
    except tuple(kind for kind, _ in _PROBLEMS) as error:
        problem = next(name for kind, name in _PROBLEMS if isinstance(error, kind))
        note_problem(cursor, leaf, problem, now=clock())
        logger.warning("The indexes of %s are not rebuilt yet: %s.", leaf.name, problem)
        # Where even this has to wait, the next attempt does it.
        with suppress(psycopg.errors.LockNotAvailable):
            clear_unfinished(cursor, leaf.name)
        return False
    note_rebuilt(
        cursor,
        leaf,
        before=_sum(indexes),
        after=_sum(indexes_of(cursor, leaf.name)),
        now=clock(),
    )
    return True


def _sum(indexes: Iterable[tuple[str, int]]) -> int:
    return sum(size for _, size in indexes)

"""Verifies a span of an environment's log: rows, receipts, tiles and checkpoints fit each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg

from audit.errors import LogBroken
from audit.seal.tiles import read_tree
from audit.tlog.tiles import TILE_WIDTH
from audit.tlog.tree import perfect_subtrees, range_hash

from .checkpoints import KeptCheckpoint, read_checkpoints
from .findings import Finding, Report
from .receipts import Receipt, read_receipts
from .rows import StoredEvent, find_event, read_events, text_of
from .tiles import TileHashes

# So many positions are held at a time: sixteen tiles.
SPAN = 16 * TILE_WIDTH
Progress = Callable[[int], None]


class _Slot(msgspec.Struct, frozen=True, gc=False):
    """One position. leaf: what its receipt says; stored: the row, None where there is none"""

    position: int
    submission: int
    ordinal: int
    event_id: bytes
    leaf: bytes
    stored: StoredEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is verified. key: of the environment; size: positions given; tree_size: leaves sealed"""

    environment: int
    key: str
    epoch: int
    size: int
    tree_size: int


def read_log(cursor: psycopg.Cursor[Any], key: str) -> Log | None:
    """Return the log of an environment, or None where nothing has a position."""
    cursor.execute(
        "SELECT h.environment, e.key, h.epoch, h.size, h.tree_size FROM audit_loghead h"
        " JOIN audit_environment e ON e.id = h.environment WHERE e.key = %s",
        [key],
    )
    row = cursor.fetchone()
    if row is None:
        return None
    environment, name, epoch, size, tree_size = row
    return Log(environment=environment, key=name, epoch=epoch, size=size, tree_size=tree_size)


def verify_span(
    cursor: psycopg.Cursor[Any],
    log: Log,
    start: int,
    end: int,
    *,
    report: Report,
    progress: Progress = lambda events: None,
) -> int:
    """Verify the events at the positions `[start, end)` of a log; returns how many there are.

    Both are brought out to multiples of 256, the width of a tile. Everything that is wrong is
    reported, with the event and its part; progress is called with how many were looked at since.
    """
    start -= start % TILE_WIDTH
    end = min(end + -end % TILE_WIDTH, log.size)
    tiles = TileHashes(cursor, log.environment, log.epoch, log.tree_size)
    _verify_head(cursor, log, report)
    count = 0
    for slots in _spans(cursor, log, start, end, report):
        for at in range(0, len(slots), TILE_WIDTH):
            _verify_tile(cursor, log, slots[at : at + TILE_WIDTH], tiles, report)
        count += len(slots)
        progress(len(slots))
    if count:
        for message in tiles.wrong_above(start, min(end, log.tree_size)):
            report(Finding(environment=log.key, part="tile", message=message))
    _verify_checkpoints(cursor, log, start, end, report)
    return count


def _spans(
    cursor: psycopg.Cursor[Any], log: Log, start: int, end: int, report: Report
) -> Iterator[Sequence[_Slot]]:
    """Yield the positions with their rows, SPAN at a time from a tile's first on."""
    waiting: list[tuple[int, int, int, bytes, bytes]] = []
    receipts = read_receipts(
        cursor, log.environment, key=log.key, start=start, end=end, report=report
    )
    for receipt in receipts:
        waiting += _positions(receipt, start, end)
        while len(waiting) >= SPAN:
            yield _with_rows(cursor, log, waiting[:SPAN])
            waiting = waiting[SPAN:]
    if waiting:
        yield _with_rows(cursor, log, waiting)


def _positions(
    receipt: Receipt, start: int, end: int
) -> Iterator[tuple[int, int, int, bytes, bytes]]:
    for ordinal, (id_, leaf) in enumerate(zip(receipt.ids, receipt.leaves, strict=True)):
        if start <= receipt.first + ordinal < end:
            yield receipt.first + ordinal, receipt.submission, ordinal, id_, leaf


def _with_rows(
    cursor: psycopg.Cursor[Any], log: Log, waiting: Sequence[tuple[int, int, int, bytes, bytes]]
) -> Sequence[_Slot]:
    rows = read_events(cursor, log.environment, [id_ for _, _, _, id_, _ in waiting])
    return [
        _Slot(position, submission, ordinal, id_, leaf, rows.get(id_))
        for position, submission, ordinal, id_, leaf in waiting
    ]


def _verify_tile(
    cursor: psycopg.Cursor[Any],
    log: Log,
    slots: Sequence[_Slot],
    tiles: TileHashes,
    report: Report,
) -> None:
    """Verify the events under one hash of a tile of level 1 (or fewer, at the log's end)."""
    leaves = [slot.leaf for slot in slots]
    index = slots[0].position // TILE_WIDTH
    is_right = tiles.is_over(index, leaves)
    if not is_right:
        own = [slot.stored.leaf if slot.stored else slot.leaf for slot in slots]
        if own == leaves:
            message = f"the tree has other hashes from position {slots[0].position} on"
            report(_at(log, slots[0], "tile", f"{message}, or these receipts were moved"))
            is_right = True
    for slot in slots:
        _verify_slot(cursor, log, slot, report, receipt_is_right=is_right)


def _verify_slot(
    cursor: psycopg.Cursor[Any],
    log: Log,
    slot: _Slot,
    report: Report,
    *,
    receipt_is_right: bool,
) -> None:
    stored = slot.stored
    if stored is None:
        _tell_missing(cursor, log, slot, report)
        return
    if stored.leaf != slot.leaf:
        if receipt_is_right:
            part = stored.changed_part(slot.leaf)
            report(_at(log, slot, part, "it is not what was committed to"))
        else:
            report(_at(log, slot, "receipt", "its leaf hash is not the one of the log"))
    if (stored.submission, stored.ordinal) != (slot.submission, slot.ordinal):
        report(_at(log, slot, "submission_id", "the row says to be of another receipt or place"))
    for column in stored.wrong_columns():
        report(_at(log, slot, column, "the column does not say what the event's text does"))


def _tell_missing(cursor: psycopg.Cursor[Any], log: Log, slot: _Slot, report: Report) -> None:
    other = find_event(cursor, log.environment, submission=slot.submission, ordinal=slot.ordinal)
    if other is not None and other.leaf == slot.leaf:
        report(_at(log, slot, "receipt", f"its event's id is {text_of(other.id)}"))
    elif other is not None:
        report(_at(log, slot, "id", f"the row's id is {text_of(other.id)}"))
    else:
        report(_at(log, slot, "row", "the event is missing"))


def _verify_head(cursor: psycopg.Cursor[Any], log: Log, report: Report) -> None:
    """Hold the frontier, which the tree grows from, against the tree of what is stored."""
    cursor.execute(
        "SELECT tree_size, frontier FROM audit_loghead WHERE environment = %s", [log.environment]
    )
    row = cursor.fetchone()
    assert row is not None  # `read_log` has read it
    try:
        tree = read_tree(cursor, log.environment, row[0], epoch=log.epoch)
        hashes = [tree.subtree(level, index) for level, index in perfect_subtrees(0, row[0])]
        is_right = [bytes(hash_) for hash_ in row[1]] == hashes
    except LogBroken:
        return  # told where what is missing is verified
    if not is_right:
        message = f"its frontier is not that of the tree of {row[0]} leaves"
        report(Finding(environment=log.key, part="log head", message=message))


def _verify_checkpoints(
    cursor: psycopg.Cursor[Any], log: Log, start: int, end: int, report: Report
) -> None:
    """Verify the checkpoints signed over a size in `(start, end]`, and the newest of all."""
    for kept in read_checkpoints(cursor, log.environment, log.epoch, start=start, end=end):
        for message in _wrong(cursor, log, kept):
            finding = Finding(
                environment=log.key, part="checkpoint", message=f"of {kept.size} leaves: {message}"
            )
            report(finding)


def _wrong(cursor: psycopg.Cursor[Any], log: Log, kept: KeptCheckpoint) -> Iterator[str]:
    yield from kept.wrong
    if kept.size > log.tree_size:
        yield f"the tree has {log.tree_size}"
        return
    try:
        tree = read_tree(cursor, log.environment, kept.size, epoch=log.epoch)
        root = range_hash(tree.subtree, 0, kept.size)
    except LogBroken as error:
        yield str(error)
        return
    if root != kept.root:
        yield "its root is not that of the tree"


def _at(log: Log, slot: _Slot, part: str, message: str) -> Finding:
    return Finding(
        environment=log.key,
        part=part,
        message=message,
        position=slot.position,
        event_id=text_of(slot.event_id),
    )

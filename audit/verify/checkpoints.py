"""Reads kept checkpoints, and holds each against its own note and the keys of the logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from audit.seal.origin import read_origin
from audit.seal.verifier_keys import keys_of_log
from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.errors import BadNote
from audit.tlog.notes import VerifierKey, signers


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheckpoint:
    """size, root: as the row has them; wrong: what is wrong with the row and its note"""

    size: int
    root: bytes
    wrong: Sequence[str]


def read_checkpoints(
    cursor: psycopg.Cursor[Any], environment: int, epoch: int, *, start: int, end: int
) -> Iterator[KeptCheckpoint]:
    """Yield the checkpoints over a size in `(start, end]`, and the newest of all."""
    origin = read_origin(cursor, environment, epoch=epoch)
    keys = keys_of_log(cursor, origin)
    cursor.execute(
        "SELECT size, root, note FROM audit_checkpoint WHERE environment = %s AND epoch = %s"
        " AND (size > %s AND size <= %s OR size = (SELECT max(c.size) FROM audit_checkpoint c"
        " WHERE c.environment = %s AND c.epoch = %s)) ORDER BY size",
        [environment, epoch, start, end, environment, epoch],
    )
    for size, root, note in cursor.fetchall():
        yield KeptCheckpoint(
            size=size,
            root=bytes(root),
            wrong=tuple(_wrong(origin, keys, size, bytes(root), note)),
        )


def _wrong(
    origin: str, keys: Sequence[VerifierKey], size: int, root: bytes, text: str
) -> Iterator[str]:
    try:
        note, checkpoint = parse_checkpoint(text.encode())
        if not signers(note, keys):
            yield "no key of the log has signed its note"
    except BadNote as error:
        yield str(error)
        return
    if (checkpoint.origin, checkpoint.size, checkpoint.root) != (origin, size, root):
        yield "its note is of another origin, size or root"

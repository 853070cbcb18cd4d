"""Signs what an environment's log has come to, after it is committed (c2sp.org/tlog-checkpoint).

Signing first could sign what a crash undoes; this way a crash only delays a checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from audit.errors import LogBroken
from audit.log.cursor import psycopg_cursor
from audit.log.statements import statement
from audit.roles import SEALER, acting_as
from audit.tlog.checkpoints import Checkpoint
from audit.tlog.consistency import check_consistency, prove_consistency
from audit.tlog.errors import BadProof
from audit.tlog.hashes import EMPTY_ROOT
from audit.tlog.notes import sign_note

from .origin import read_origin
from .tiles import read_tree
from .tree import kept_frontier

LEAST_APART = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newest:
    size: int
    root: bytes
    signed_at: datetime | None


def unsigned_environments(cursor: psycopg.Cursor[Any], *, now: datetime) -> list[int]:
    """Return the environments whose tree grew past its newest checkpoint, LEAST_APART ago."""
    cursor.execute(
        statement("seal", "unsigned_environments"),
        [now - LEAST_APART],
    )
    return [row[0] for row in cursor]


def sign_checkpoint(
    environment: int, *, keys: Sequence[Ed25519PrivateKey], now: datetime, using: str
) -> Checkpoint | None:
    """Sign the tree as it is committed, with each of the keys; None where it did not grow.

    Raises LogBroken, and signs nothing, where the tree is no continuation of the newest checkpoint.
    """
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, SEALER):
            return _sign(cursor, environment, keys, now)


def _sign(
    cursor: psycopg.Cursor[Any],
    environment: int,
    keys: Sequence[Ed25519PrivateKey],
    now: datetime,
) -> Checkpoint | None:
    # Locked against another one who signs; what is read was committed before this transaction.
    cursor.execute(
        "SELECT tree_size, frontier, epoch FROM audit_loghead WHERE environment = %s FOR UPDATE",
        [environment],
    )
    row = cursor.fetchone()
    if row is None:
        return None
    frontier, epoch = kept_frontier(row[0], row[1]), row[2]
    newest = _newest(cursor, environment, epoch)
    if frontier.size == newest.size:
        return None
    root = frontier.root()
    _see_growth(cursor, environment, epoch, newest, frontier.size, root)
    origin = read_origin(cursor, environment, epoch=epoch)
    checkpoint = Checkpoint(origin, frontier.size, root)
    note = sign_note(checkpoint.text, [(origin, key) for key in keys])
    cursor.execute(
        "INSERT INTO audit_checkpoint (environment, epoch, size, root, note, signed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [environment, epoch, checkpoint.size, root, str(note), now],
    )
    return checkpoint


def _newest(cursor: psycopg.Cursor[Any], environment: int, epoch: int) -> _Newest:
    cursor.execute(
        "SELECT size, root, signed_at FROM audit_checkpoint WHERE environment = %s AND epoch = %s"
        " ORDER BY size DESC LIMIT 1",
        [environment, epoch],
    )
    row = cursor.fetchone()
    if row is None:
        return _Newest(size=0, root=EMPTY_ROOT, signed_at=None)
    return _Newest(size=row[0], root=bytes(row[1]), signed_at=row[2])


def _see_growth(
    cursor: psycopg.Cursor[Any],
    environment: int,
    epoch: int,
    newest: _Newest,
    size: int,
    root: bytes,
) -> None:
    """Raise LogBroken unless the tree of what is stored continues what was signed."""
    if size < newest.size:
        raise LogBroken(
            f"The log of environment {environment} has {size} leaves, and {newest.size} were"
            " signed: nothing more is signed."
        )
    tree = read_tree(cursor, environment, size, epoch=epoch)
    try:
        proof = prove_consistency(tree.subtree, newest.size, size)
        check_consistency(newest.size, newest.root, size, root, proof)
    except BadProof as error:
        raise LogBroken(
            f"The log of environment {environment} is no continuation of its checkpoint of"
            f" {newest.size} leaves ({error}): nothing more is signed."
        ) from None

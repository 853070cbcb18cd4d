"""Answers a request again that was answered before; an Idempotency-Key holds for 24 hours.

The answer is stored in the transaction that records the events: a request that crashed has left
nothing behind, and its retry is as good as new. While one is in flight, an advisory lock of that
transaction says so.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any

import psycopg

from audit.errors import AuditError
from audit.log.statements import statement

LIFETIME = timedelta(hours=24)


class InFlight(AuditError):
    """A request with this key is being worked on now."""


class KeyReused(AuditError):
    """This key was used for another body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotentRequest:
    """A request with an Idempotency-Key. body_hash: 32 bytes, of all that makes it the same.

    The key is stored as its hash alone: a client may have put a token there.
    """

    sender_id: int
    key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The answer to a request; body: JSON; is_replayed: it is one that was given before"""

    status: int
    body: bytes
    is_replayed: bool = False


def claim(
    request: IdempotentRequest, *, received_at: datetime, cursor: psycopg.Cursor[Any]
) -> StoredAnswer | None:
    """Return the first answer, or None where there was none: then the key is taken until the
    transaction ends. Raises InFlight, KeyReused.
    """
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock(request)])
    row = cursor.fetchone()
    if row is None or not row[0]:
        raise InFlight("A request with this Idempotency-Key is being worked on; ask again.")
    cursor.execute(
        "SELECT body_hash, status, answer FROM audit_idempotency"
        " WHERE sender_id = %s AND key = %s AND created_at > %s",
        [request.sender_id, _hashed(request.key), received_at - LIFETIME],
    )
    found = cursor.fetchone()
    if found is None:
        return None
    if bytes(found[0]) != request.body_hash:
        raise KeyReused("This Idempotency-Key was used for another body within 24 hours.")
    return StoredAnswer(status=found[1], body=zlib.decompress(found[2]), is_replayed=True)


def store_answer(
    request: IdempotentRequest,
    answer: StoredAnswer,
    *,
    received_at: datetime,
    cursor: psycopg.Cursor[Any],
) -> None:
    """Store the answer, in place of one that has expired."""
    cursor.execute(
        statement("record", "store_answer"),
        [
            request.sender_id,
            _hashed(request.key),
            request.body_hash,
            answer.status,
            zlib.compress(answer.body, 1),
            received_at,
        ],
    )


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _lock(request: IdempotentRequest) -> int:
    name = f"idempotency\n{request.sender_id}\n{request.key}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)

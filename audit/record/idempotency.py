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

KEPT = timedelta(hours=24)


class InFlight(AuditError):
    """A request with this key is being worked on now."""


class AnotherBody(AuditError):
    """This key was used for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A request that its sender named. body_hash: 32 bytes, of all that makes it the same.

    The name is stored as its hash alone: a client may have put a token there.
    """

    sender_id: int
    key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was answered; body: JSON."""

    status: int
    body: bytes


def claim(named: Named, *, received_at: datetime, cursor: psycopg.Cursor[Any]) -> Answered | None:
    """Return the first answer, or None where there was none: then the name is taken until the
    transaction ends. Raises InFlight, AnotherBody.
    """
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock(named)])
    row = cursor.fetchone()
    if row is None or not row[0]:
        raise InFlight("A request with this Idempotency-Key is being worked on; ask again.")
    cursor.execute(
        "SELECT body_hash, status, answer FROM audit_idempotency"
        " WHERE sender_id = %s AND key = %s AND created_at > %s",
        [named.sender_id, _hashed(named.key), received_at - KEPT],
    )
    found = cursor.fetchone()
    if found is None:
        return None
    if bytes(found[0]) != named.body_hash:
        raise AnotherBody("This Idempotency-Key was used for another body within 24 hours.")
    return Answered(status=found[1], body=zlib.decompress(found[2]))


def remember(
    named: Named, answered: Answered, *, received_at: datetime, cursor: psycopg.Cursor[Any]
) -> None:
    """Store the answer, in the place of one that has had its time."""
    cursor.execute(
        "INSERT INTO audit_idempotency (sender_id, key, body_hash, status, answer, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (sender_id, key) DO UPDATE"
        " SET body_hash = excluded.body_hash, status = excluded.status,"
        " answer = excluded.answer, created_at = excluded.created_at",
        [
            named.sender_id,
            _hashed(named.key),
            named.body_hash,
            answered.status,
            zlib.compress(answered.body, 1),
            received_at,
        ],
    )


def _hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _lock(named: Named) -> int:
    name = f"idempotency\n{named.sender_id}\n{named.key}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)

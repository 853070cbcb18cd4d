"""Makes event ids, and reads the time that they hold.

UUIDv7 (RFC 9562 section 5.7): 48 bits of milliseconds, 12 bits of their fraction (section 6.2,
method 3), so that ids order by microsecond; the other 62 bits are an HMAC of who sent it under
which id, or random.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from .times import from_micros, to_micros

BLOCK_BYTES = 64
_RANDOM_MASK = (1 << 62) - 1
_VERSION = 7 << 76
_VARIANT = 2 << 62


def event_id(
    *, secret: bytes, environment: str, sender_id: int | None, submitted_id: str, time_us: int
) -> UUID:
    """Return the id of an event that its sender named: the same for each retry.

    time_us: microseconds since 1970.
    """
    named = f"{environment}\n{sender_id}\n{time_us}\n{submitted_id}".encode()
    tail = int.from_bytes(_tag(secret, named)[:8], "big") & _RANDOM_MASK
    return _uuid(time_us, tail)


def random_event_id(time_us: int) -> UUID:
    """Return a new id for an event that its sender did not name."""
    return _uuid(time_us, int.from_bytes(os.urandom(8), "big") & _RANDOM_MASK)


def timeless_hash(
    *, secret: bytes, environment: str, sender_id: int | None, submitted_id: str
) -> bytes:
    """Return 16 bytes under which an id that came without a time is stored."""
    named = f"timeless\n{environment}\n{sender_id}\n{submitted_id}".encode()
    return _tag(secret, named)[:16]


def micros_of(event_id: UUID) -> int:
    """Return the microseconds since 1970 that an event id holds."""
    return _micros_of_bits(event_id.int >> 64)


def micros_of_bytes(raw: bytes) -> int:
    """Return the same of an event id's 16 bytes, without making a UUID."""
    return _micros_of_bits(int.from_bytes(raw[:8], "big"))


def instant_of(event_id: UUID) -> int:
    """Return the first 64 bits of an event id: the same for all events of one microsecond."""
    return event_id.int >> 64


def instant_bounds(instant: int) -> tuple[UUID, UUID]:
    """Return `[low, high)` of the ids of one microsecond."""
    return UUID(int=instant << 64), UUID(int=(instant + 1) << 64)


def time_of(event_id: UUID) -> datetime:
    """Return when the event of this id happened, in UTC, exact to the microsecond."""
    return from_micros(micros_of(event_id))


def id_floor(moment: datetime) -> UUID:
    """Return the lowest id of this instant: all events at or after it have a higher one."""
    return _raw(to_micros(moment), _VERSION)


def _micros_of_bits(bits: int) -> int:
    return (bits >> 16) * 1000 + -(-(bits & 0xFFF) * 1000 // 4096)


def _tag(secret: bytes, message: bytes) -> bytes:
    """Return the HMAC-SHA-256 (RFC 2104) of a message, 32 bytes; secret: at most 64.

    `hmac.digest` gives up the interpreter's lock for it, which takes five times as long where
    several threads record, and a copy of `hmac.HMAC` twice as long as two of its hashes.
    """
    inner, outer = (state.copy() for state in _hmac_states(secret))
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=8)
def _hmac_states(secret: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    key = secret.ljust(BLOCK_BYTES, b"\0")
    return sha256(bytes(b ^ 0x36 for b in key)), sha256(bytes(b ^ 0x5C for b in key))


def _uuid(time_us: int, tail: int) -> UUID:
    return _raw(time_us, _VERSION | _VARIANT | tail)


def _raw(time_us: int, rest: int) -> UUID:
    millis, micros = divmod(time_us, 1000)
    return UUID(int=millis << 80 | (micros * 4096 // 1000) << 64 | rest)

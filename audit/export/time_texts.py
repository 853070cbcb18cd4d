"""When was it, as text? Much faster than `datetime`, for rows by the million."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from audit.log.times import EPOCH, POSTGRES_EPOCH_MICROS

DAY = 86_400


def micros_of_timestamp(raw: bytes) -> int:
    """Return the microseconds since 1970 of a timestamptz in 8 bytes."""
    return int.from_bytes(raw, "big", signed=True) + POSTGRES_EPOCH_MICROS


def rfc3339(micros: int) -> str:
    """Return microseconds since 1970 as text: 2026-03-05T08:00:00.123000Z."""
    minutes, rest = divmod(micros, 60_000_000)
    digits = f"{rest:08d}"
    return f"{_minute(minutes)}:{digits[:2]}.{digits[2:]}Z"


@lru_cache(maxsize=100_000)
def _minute(minutes: int) -> str:
    return (EPOCH + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")

"""When was it, as text? Much faster than `datetime`, for rows by the million."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# PostgreSQL counts microseconds from the year 2000.
_PG_EPOCH_MICROS = 946_684_800_000_000


def micros_of_id(raw: bytes) -> int:
    """Return the microseconds since 1970 of an event's id in 16 bytes (`record.ids.micros_of`)."""
    number = int.from_bytes(raw[:8], "big")
    return (number >> 16) * 1000 + -(-(number & 0xFFF) * 1000 // 4096)


def micros_of_timestamp(raw: bytes) -> int:
    """Return the microseconds since 1970 of a timestamptz in 8 bytes."""
    return int.from_bytes(raw, "big", signed=True) + _PG_EPOCH_MICROS


def rfc3339(micros: int) -> str:
    """Return microseconds since 1970 as text: 2026-03-05T08:00:00.123000Z."""
    seconds, fraction = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    return f"{_minute(minutes)}:{second:02d}.{fraction:06d}Z"


@lru_cache(maxsize=100_000)
def _minute(minutes: int) -> str:
    return (_EPOCH + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")

"""Digests a time zone's rules, since its name outlives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from audit.log.times import EPOCH

LAST = datetime(2038, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def zone_rules_digest(zone: str) -> str:
    """Return the digest of all changes from 1970 to 2037; "" for UTC, which has none."""
    return _digest(ZoneInfo(zone)) if zone != "UTC" else ""


# By the object: another set of rules gives another one.
@lru_cache(maxsize=16)
def _digest(zone: ZoneInfo) -> str:
    rules = "\n".join(f"{at:%Y-%m-%dT%H:%MZ} {offset}" for at, offset in _changes(zone))
    return sha256(rules.encode()).hexdigest()[:16]


def _changes(zone: tzinfo) -> Iterator[tuple[datetime, timedelta | None]]:
    """Yield when (to the minute) which offset began; no zone changes twice within a day."""
    at, offset = EPOCH, EPOCH.astimezone(zone).utcoffset()
    yield at, offset
    while at < LAST:
        if (at + DAY).astimezone(zone).utcoffset() == offset:
            at += DAY
            continue
        low, high = at, at + DAY
        while high - low > MINUTE:
            middle = low + (high - low) // MINUTE // 2 * MINUTE
            if middle.astimezone(zone).utcoffset() == offset:
                low = middle
            else:
                high = middle
        offset = (at + DAY).astimezone(zone).utcoffset()
        at += DAY
        yield high, offset

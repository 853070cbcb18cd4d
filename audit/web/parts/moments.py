"""Writes a time in the zone of whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """text: date and time in the viewer's zone, to the second, with the offset in an hour that
    comes twice; utc: RFC 3339 to the microsecond.
    """

    text: str
    exact: str
    utc: str

    @property
    def day(self) -> str:
        return self.text.partition(" ")[0]

    @property
    def clock(self) -> str:
        return self.text.partition(" ")[2]


def moment(value: str | datetime, zone: ZoneInfo) -> Moment:
    """value: RFC 3339, or aware."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = instant.astimezone(zone)
    return Moment(
        text=local.strftime("%Y-%m-%d %H:%M:%S") + offset_words(local),
        exact=local.isoformat(sep=" ", timespec="microseconds"),
        utc=to_utc(instant),
    )


def to_utc(instant: datetime) -> str:
    """Return RFC 3339 in UTC, with as many decimals as the instant needs."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def offset_words(local: datetime) -> str:
    """Return "+02:00" for a time in an hour that its zone has twice; else nothing."""
    one, other = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    if one is None or other is None or one <= other:
        # Where it is larger after the change, the clock leaves an hour out.
        return ""
    return local.isoformat(timespec="minutes")[len("2026-10-25T02:30") :]

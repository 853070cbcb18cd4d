"""When was it, in the zone of whom looks at it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """text: date and time in the viewer's zone, to the second; utc: RFC 3339 to the microsecond."""

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
        text=local.strftime("%Y-%m-%d %H:%M:%S"),
        exact=local.isoformat(sep=" ", timespec="microseconds"),
        utc=to_utc(instant),
    )


def to_utc(instant: datetime) -> str:
    """Return RFC 3339 in UTC, with as many decimals as the instant needs."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def typed_to_parameter(text: str, zone: ZoneInfo) -> str:
    """Return what `from` and `to` mean by a local date or time that a person typed.

    "2026-03-01" → that midnight in the zone, in RFC 3339; anything else stays as it is, to be
    judged where queries are read.
    """
    try:
        if len(text) == len("2026-03-01"):
            local = datetime.combine(date.fromisoformat(text), time.min)
        else:
            local = datetime.fromisoformat(text)
        return text if local.tzinfo else to_utc(local.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return text


def parameter_to_typed(text: str, zone: ZoneInfo) -> str:
    """Return an instant as a local time that can be typed again; the rest as it is."""
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return text
        local = instant.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return text
    return local.isoformat(
        sep=" ", timespec="auto" if local.second or local.microsecond else "minutes"
    )

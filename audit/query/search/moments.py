"""Parses an instant: RFC 3339, a date, or time before now such as -24h.

A date is the start of that day where the installation is, as in the bars of a histogram: it means
the same wherever one is taken.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from audit.conf import audit_settings
from audit.log.times import BadTime, from_micros, parse_time

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
# -24h
RELATIVE = re.compile(r"-([0-9]{1,6})([mhdw])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What is read, as far as a pattern can tell (ECMA-262, for clients): 2026-03-05, 2026-03-05T09:00Z,
# -24h, now. PATTERN is a hint; `parse_moment` decides.
PATTERN = (
    r"^(now|-[0-9]{1,6}[mhdw]|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?))?)$"
)
# No event lies outside (its id counts from 1970), and a day or a window beside these has a date.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def installation_zone() -> ZoneInfo:
    """Return the zone whose days are days here."""
    return ZoneInfo(audit_settings().TIME_ZONE)


def parse_moment(text: str, *, now: datetime) -> datetime:
    """Return the instant, in UTC.

    What lies outside [EARLIEST, LATEST] is its nearest end. Raises BadTime with a sentence.
    """
    return min(max(_parsed(text, now=now), EARLIEST), LATEST)


def _parsed(text: str, *, now: datetime) -> datetime:
    if text == "now":
        return now
    relative = RELATIVE.fullmatch(text)
    try:
        if relative:
            return now - int(relative[1]) * _UNITS[relative[2]]
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            start = datetime(day.year, day.month, day.day, tzinfo=installation_zone())
            return start.astimezone(UTC)
        return from_micros(parse_time(text))
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadTime):
            raise BadTime(
                f"{text[:64]!r} is no time: give RFC 3339 with an offset, a date, now, or -24h, -7d"
            ) from None
        raise BadTime(f"{text[:64]!r} is no time: {error}") from None

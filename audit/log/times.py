"""Reads RFC 3339 times to microseconds since 1970, and writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# PostgreSQL counts from the start of 2000; here in microseconds since 1970.
POSTGRES_EPOCH_MICROS = 946_684_800_000_000

# 2026-03-05T09:00:00.123+01:00 (RFC 3339 section 5.6; ASCII digits only), also with a blank for
# the T, as its note allows, and with +0100 or " +0100", as many clients write it
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]| ?([+-])([0-9]{2}):?([0-9]{2}))"
)
# The same, but for a leap second: such a text is read by the standard library, five times as fast.
_ORDINARY = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_MAX_TEXT = 64


class BadTime(ValueError):
    """A text is no RFC 3339 time with an offset."""


def parse_time(text: str) -> int:
    """Return the microseconds since 1970 of an RFC 3339 time with an offset.

    What is finer than a microsecond is cut. A leap second becomes the last microsecond of its
    minute. Raises BadTime.
    """
    if len(text) <= _MAX_TEXT and _ORDINARY.fullmatch(text):
        try:
            return to_micros(datetime.fromisoformat(text))
        except ValueError:
            pass  # It names no instant: what is wrong is said below.
    return parse_time_slowly(text)


def parse_time_slowly(text: str) -> int:
    """Parse any such text, leap seconds too, and name what is wrong. Raises BadTime."""
    match = _RFC3339.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if match is None:
        is_local = len(text) <= _MAX_TEXT and _RFC3339.fullmatch(f"{text}Z")
        what = (
            "has no offset; add Z or one as in" if is_local else "is not an RFC 3339 time, such as"
        )
        raise BadTime(f"{text[:_MAX_TEXT]!r} {what} 2026-03-05T09:00:00.123+01:00")
    year, month, day, hour, minute, second, fraction, sign, off_hour, off_minute = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    seconds = int(second)
    if seconds == 60:
        seconds, micros = 59, 999_999
    offset = 0
    if sign:
        if int(off_hour) > 23 or int(off_minute) > 59:
            raise BadTime(f"{text!r} has an offset beyond 23:59")
        offset = (int(off_hour) * 3600 + int(off_minute) * 60) * (-1 if sign == "-" else 1)
    try:
        local = datetime(
            int(year), int(month), int(day), int(hour), int(minute), seconds, tzinfo=UTC
        )
    except ValueError as error:
        raise BadTime(f"{text!r} names no instant: {error}") from None
    return to_micros(local) + micros - offset * 1_000_000


def to_micros(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware datetime, exactly."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the datetime, in UTC, of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def format_time(moment: datetime) -> str:
    """Return RFC 3339 text in UTC with microseconds: 2026-03-05T08:00:00.123000Z."""
    # In UTC, the last six characters are its offset.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"

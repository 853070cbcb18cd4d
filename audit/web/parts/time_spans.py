"""Names spans of time, in words that are read again when typed."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.query.search.moments import installation_zone

from .moments import offset_words
from .typed_range import ALWAYS, NOW

_RELATIVE = re.compile(r"-[0-9]{1,6}[mhdw]")
_INSTANT = timedelta(microseconds=1)


def stretch_words(
    start: datetime | None, end: datetime | None, zone: ZoneInfo, *, until_now: bool = False
) -> str:
    """Return "18 Nov 2026 – 25 Nov 2026" for whole days of the installation, "18 Nov 2026" for one
    of them; else with the clock of the zone, as fine as it has to be.

    start, end: None for no bound; until_now: the end is now, whenever that is
    """
    days = installation_zone()
    if (end is None or _is_midnight(end, days)) and (start is None or _is_midnight(start, days)):
        first = _day(start, days) if start else "…"
        # The last day, not the midnight after it.
        last = _day(end - _INSTANT, days) if end else _("now") if until_now else "…"
        words = first if first == last else f"{first} – {last}"
        return words if zone.key == days.key else f"{words} ({days.key})"
    first_clock = _with_clock(start, zone) if start else "…"
    if end is None or until_now:
        return f"{first_clock} – {_('now') if until_now else '…'}"
    is_same_day = start and start.astimezone(zone).date() == end.astimezone(zone).date()
    return f"{first_clock} – {_clock(end, zone) if is_same_day else _with_clock(end, zone)}"


def to_the_minute(moment: datetime | None, said: str) -> datetime | None:
    """Return a bound as it is told: what moves with the clock to the minute, others as they are.

    said: what an address says of it, such as "-7d" or "now", or "" for as far as there is something
    """
    is_moving = said in ("", NOW) or _RELATIVE.fullmatch(said)
    return moment.replace(second=0, microsecond=0) if moment and is_moving else moment


def typed_range(said: tuple[str, str], zone: ZoneInfo) -> str:
    """Return what means the same when it is typed. said: `from` and `to` of an address, or ""."""
    first, last = said
    if last == NOW and _RELATIVE.fullmatch(first):
        return first
    days = installation_zone()
    start, end = _instant(first), _instant(last)
    if (start or end) and all(
        moment is None or _is_midnight(moment, days) for moment in (start, end)
    ):
        if start:
            first = _iso_day(start, days)
        if end:
            last = _iso_day(end - _INSTANT, days)
            if first == last:
                return first
    else:
        first, last = typed_moment(first, zone), typed_moment(last, zone)
    if not last:
        return first if first == ALWAYS else f"{first}.."
    return f"{'' if first == ALWAYS else first}..{last}"


def typed_bound(text: str, zone: ZoneInfo) -> str:
    """Return what means the same as one bound; a midnight of the installation is its date."""
    instant, days = _instant(text), installation_zone()
    if instant is not None and _is_midnight(instant, days):
        return _iso_day(instant, days)
    return typed_moment(text, zone)


def typed_moment(text: str, zone: ZoneInfo) -> str:
    """Return an instant as the local time that means it, the rest as it is."""
    instant = _instant(text)
    if instant is None:
        return text
    try:
        local = instant.astimezone(zone)
    except (ValueError, OverflowError):
        return text
    has_seconds = bool(local.second or local.microsecond)
    said = local.replace(tzinfo=None).isoformat(
        sep=" ", timespec="auto" if has_seconds else "minutes"
    )
    return said + offset_words(local)


def _instant(text: str) -> datetime | None:
    """The instant of an address, None for what is none."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _is_midnight(moment: datetime, zone: ZoneInfo) -> bool:
    try:
        local = moment.astimezone(zone)
        return local.time() == time.min and local.year > 1
    except (ValueError, OverflowError):
        return False


def _iso_day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return str(date_format(moment.astimezone(zone), "j M Y"))


def _with_clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{_day(moment, zone)} {_clock(moment, zone)}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    """ "09:00", "09:00:30", "09:00:30.250000"; with the offset in an hour that comes twice"""
    local = moment.astimezone(zone)
    finest = "microseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return local.time().isoformat(timespec=finest) + offset_words(local)

"""Which stretch of time is looked at, what is it called, and what lies beside it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.query.moments import parse_moment
from audit.record.times import BadTime

from .address import Address
from .moments import to_utc, typed_to_parameter

# An address without a range means this; one that means all of time says so. A range without an end
# has none: it holds what is dated ahead of now, too. The quick ranges end now, and say so.
DEFAULT_FROM = "-24h"
ALWAYS = "always"
NOW = "now"
PRESETS = (
    ("-15m", gettext_lazy("Last 15 minutes")),
    ("-1h", gettext_lazy("Last hour")),
    ("-24h", gettext_lazy("Last 24 hours")),
    ("-7d", gettext_lazy("Last 7 days")),
    ("-30d", gettext_lazy("Last 30 days")),
    ("-90d", gettext_lazy("Last 90 days")),
)
_LABELS = dict(PRESETS)
_RELATIVE = re.compile(r"-([0-9]{1,6})([mhdw])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RangePicker:
    """typed: the range as the field shows it, which reads it again

    earlier, later, wider: addresses of the stretches beside and around; None where there is none
    """

    label: str
    typed: str
    choices: tuple[Choice, ...]
    earlier: str | None
    later: str | None
    wider: str | None


def range_picker(
    address: Address,
    *,
    start: datetime | None,
    end: datetime | None,
    zone: ZoneInfo,
    now: datetime,
) -> RangePicker:
    """start, end: what the address means now; None for no bound."""
    said = _said(address)
    until = end or now
    wider = _beside(address, start, until, now, by=(-0.5, 0.5))
    return RangePicker(
        label=_label(said, start=start, end=end, zone=zone),
        typed=_typed(said, zone),
        choices=tuple(_choices(address, said, zone, now)),
        earlier=_text(_beside(address, start, until, now, by=(-1, -1))),
        later=_text(_beside(address, start, until, now, by=(1, 1))) if until < now else None,
        # What has no end has none seen from further away.
        wider=str(wider if end else wider.only(to=None)) if wider else None,
    )


def absolute(address: Address, *, start: datetime | None, end: datetime | None) -> str:
    """Return the address that shows to anybody, at any time, the range that it shows now.

    A range without an end has none there either, and what comes later is in it.
    """
    bounds = {"from": to_utc(start) if start else ALWAYS, "to": to_utc(end) if end else None}
    return str(address.only(**bounds))


def read_range(text: str, *, zone: ZoneInfo, now: datetime) -> tuple[str, str | None]:
    """Return `from` and `to` of what a person typed.

    "-3d" (until now) · "-3d.." (without an end) · "today" · "yesterday" · "2026-03-01" (that day) ·
    "2026-03-01..2026-03-07" (the last day included) · "2026-03-01 09:00..2026-03-01 17:30" ·
    "-7d..-1d" · "always". Raises BadTime.
    """
    text = text.strip()
    today = now.astimezone(zone).date()
    if text in ("", ALWAYS):
        return (text or DEFAULT_FROM), None
    if text == "today":
        return _midnight(today, zone), _midnight(today + timedelta(days=1), zone)
    if text == "yesterday":
        return _midnight(today - timedelta(days=1), zone), _midnight(today, zone)
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots:
        return _bound(first, zone, now), _end_of_day(first, zone) if _is_date(first) else NOW
    return (
        _bound(first, zone, now) if first else ALWAYS,
        (_end_of_day(last, zone) if _is_date(last) else _bound(last, zone, now)) if last else None,
    )


def _said(address: Address) -> tuple[str, str]:
    first, last = (address.values(name) for name in ("from", "to"))
    return (first[-1] if first else "" if last else DEFAULT_FROM), (last[-1] if last else "")


def _label(
    said: tuple[str, str], *, start: datetime | None, end: datetime | None, zone: ZoneInfo
) -> str:
    first, last = said
    is_until_now = last in ("", NOW)
    if is_until_now and first in _LABELS:
        return str(_LABELS[first])
    if is_until_now and (relative := _RELATIVE.fullmatch(first)):
        return _last_label(int(relative[1]), relative[2])
    if start is None and end is None:
        return _("All of time")
    return f"{_instant(start, zone) if start else '…'} – {_instant_or_day_end(start, end, zone)}"


def _last_label(number: int, unit: str) -> str:
    words = {
        "m": ngettext("Last %(n)s minute", "Last %(n)s minutes", number),
        "h": ngettext("Last %(n)s hour", "Last %(n)s hours", number),
        "d": ngettext("Last %(n)s day", "Last %(n)s days", number),
        "w": ngettext("Last %(n)s week", "Last %(n)s weeks", number),
    }
    return words[unit] % {"n": number}


def _instant(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    pattern = "j M Y" if local.time() == time.min else "j M Y H:i"
    return str(date_format(local, pattern))


def _instant_or_day_end(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """A stretch of whole days ends with its last day, not with the midnight after it."""
    if end is None:
        return _("now")
    local = end.astimezone(zone)
    is_midnight = local.time() == time.min
    if is_midnight and start is not None and start.astimezone(zone).time() == time.min:
        return str(date_format(local - timedelta(seconds=1), "j M Y"))
    if start is not None and start.astimezone(zone).date() == local.date() and not is_midnight:
        return str(date_format(local, "H:i"))
    return _instant(end, zone)


def _typed(said: tuple[str, str], zone: ZoneInfo) -> str:
    first, last = (_local(text, zone) for text in said)
    if not last:
        return first if first == ALWAYS else f"{first}.."
    if last == NOW and _RELATIVE.fullmatch(first):
        return first
    return f"{'' if first == ALWAYS else first}..{last}"


def _local(text: str, zone: ZoneInfo) -> str:
    """Return an instant as the local time that means it, the rest as it is."""
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return text
        local = instant.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return text
    has_seconds = bool(local.second or local.microsecond)
    return local.isoformat(sep=" ", timespec="auto" if has_seconds else "minutes")


def _choices(
    address: Address, said: tuple[str, str], zone: ZoneInfo, now: datetime
) -> list[Choice]:
    found = [
        Choice(
            label=str(label),
            href=str(address.only(**{"from": value, "to": NOW})),
            is_chosen=said in ((value, NOW), (value, "")),
        )
        for value, label in PRESETS
    ]
    for word, label in (("today", _("Today")), ("yesterday", _("Yesterday")), (ALWAYS, _("All"))):
        first, last = read_range(word, zone=zone, now=now)
        found.append(
            Choice(
                label=label,
                href=str(address.only(**{"from": first, "to": last})),
                is_chosen=said == (first, last or ""),
            )
        )
    return found


def _beside(
    address: Address,
    start: datetime | None,
    until: datetime,
    now: datetime,
    *,
    by: tuple[float, float],
) -> Address | None:
    """by: how many widths the beginning and the end move; what would be ahead of now ends now."""
    if start is None or start >= until:
        return None
    width = until - start
    try:
        first, last = start + width * by[0], until + width * by[1]
    except OverflowError:
        return None
    if by[1] > 0 and by[0] < 0:
        last = min(last, max(now, until))
    return address.only(**{"from": to_utc(first), "to": to_utc(last)})


def _text(address: Address | None) -> str | None:
    return None if address is None else str(address)


def _bound(text: str, zone: ZoneInfo, now: datetime) -> str:
    """Return what a parameter says of a bound that a person typed. Raises BadTime."""
    parameter = typed_to_parameter(text, zone)
    parse_moment(parameter, now=now)
    return parameter


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def _end_of_day(text: str, zone: ZoneInfo) -> str:
    try:
        return _midnight(date.fromisoformat(text) + timedelta(days=1), zone)
    except (ValueError, OverflowError) as error:
        raise BadTime(f"{text[:64]!r} is no time: {error}") from None


def _midnight(day: date, zone: ZoneInfo) -> str:
    return to_utc(datetime.combine(day, time.min, zone))

"""Resolves the span of time that is looked at, its name, and the spans beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.query.search.moments import RELATIVE

from .moments import to_utc
from .time_spans import stretch_words, to_the_minute, typed_range
from .typed_range import ALWAYS, DEFAULT_FROM, NOW, range_forms, read_range
from .url import Address

PRESETS = (
    ("-15m", gettext_lazy("Last 15 minutes")),
    ("-1h", gettext_lazy("Last hour")),
    ("-24h", gettext_lazy("Last 24 hours")),
    ("-7d", gettext_lazy("Last 7 days")),
    ("-30d", gettext_lazy("Last 30 days")),
    ("-90d", gettext_lazy("Last 90 days")),
)
_LABELS = dict(PRESETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RangePicker:
    """typed: the range as the field shows it, which reads it again; forms: what it takes
    earlier, later, wider: addresses of the stretches beside and around; None where there is none
    """

    label: str
    typed: str
    forms: str
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
        typed=typed_range(said, zone),
        forms=range_forms(),
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
    if is_until_now and (relative := RELATIVE.fullmatch(first)):
        return _last_label(int(relative[1]), relative[2])
    if start is None and end is None:
        return _("All of time")
    bounds = to_the_minute(start, first), to_the_minute(end, last)
    return stretch_words(*bounds, zone, until_now=last == NOW)


def _last_label(number: int, unit: str) -> str:
    words = {
        "m": ngettext("Last %(n)s minute", "Last %(n)s minutes", number),
        "h": ngettext("Last %(n)s hour", "Last %(n)s hours", number),
        "d": ngettext("Last %(n)s day", "Last %(n)s days", number),
        "w": ngettext("Last %(n)s week", "Last %(n)s weeks", number),
    }
    return words[unit] % {"n": number}


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

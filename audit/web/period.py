"""Which period does an address mean, on the pages that compare? Read, and offered again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.errors import BadParameter
from audit.query.moments import parse_moment
from audit.record.times import BadTime

from .address import Address
from .moments import parameter_to_typed, typed_to_parameter

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MAX_AHEAD = timedelta(days=366)
NOW = "now"
PRESETS = (
    ("-24h", gettext_lazy("24 h")),
    ("-7d", gettext_lazy("7 d")),
    ("-30d", gettext_lazy("30 d")),
    ("-90d", gettext_lazy("90 d")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A choice as a link; is_chosen: it is what the page shows."""

    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`[start, end)`, and the texts that stand in its two fields.

    open_at: where a period without an end was reached now, from which the one before it counts;
        None for one with an end
    """

    start: datetime
    end: datetime
    open_at: datetime | None
    typed_start: str
    typed_end: str


def read_period(
    address: Address,
    *,
    default: str,
    zone: ZoneInfo,
    now: datetime,
    open_end: Callable[[], datetime],
) -> tuple[Period, tuple[BadParameter, ...]]:
    """Return what `from` and `to` mean, and what of them was left out as wrong.

    default: what `from` means where it isn't given
    open_end: asked where a period without an end ends, as far as there are events
    """
    problems: list[BadParameter] = []
    start = _read(address, "from", zone, now, problems)
    end = _read(address, "to", zone, now, problems)
    if start is not None and (end or now) <= start:
        problems.append(BadParameter("from", _("The period ends before it begins.")))
        start = end = None
    return (
        Period(
            start=start or parse_moment(default, now=end or now),
            end=end or open_end(),
            open_at=None if end else now,
            typed_start=_typed(address, "from", zone) if start else "",
            typed_end=_typed(address, "to", zone) if end else "",
        ),
        tuple(problems),
    )


def preset_links(address: Address, *, default: str) -> tuple[Link, ...]:
    """Return the periods at one click."""
    said = (address.values("from") or (default,))[-1]
    is_until_now = address.values("to") in ((), (NOW,))
    return tuple(
        Link(
            label=str(label),
            href=str(address.only(**{"from": value, "to": NOW})),
            is_chosen=is_until_now and said == value,
        )
        for value, label in PRESETS
    )


def read_moment(text: str, name: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the instant that a parameter names. Raises BadParameter.

    Before EARLIEST there can be no event, and a period before it could have no id.
    """
    try:
        moment = parse_moment(typed_to_parameter(text.strip(), zone), now=now, zone=zone)
    except BadTime as error:
        raise BadParameter(name, f"{name}: {error}.") from None
    if not EARLIEST <= moment <= now + MAX_AHEAD:
        raise BadParameter(
            name,
            _("%(name)s “%(text)s” is before the year %(year)s, or more than a year ahead.")
            % {"name": name, "text": text[:64], "year": EARLIEST.year},
        )
    return moment


def period_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return "18 Nov 2026 – 25 Nov 2026" for whole days of the zone, else with hours.

    A whole day that ends the period is told as the day itself, not as the midnight after it.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    if (first.hour, first.minute, last.hour, last.minute) == (0, 0, 0, 0):
        final = date_format(_day_before(end, zone), "j M Y")
        begin = date_format(first, "j M Y")
        return str(begin if begin == final else f"{begin} – {final}")
    return f"{date_format(first, 'j M Y H:i')} – {date_format(last, 'j M Y H:i')}"


def _day_before(midnight: datetime, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(midnight.timestamp() - 1, zone)


def _read(
    address: Address, name: str, zone: ZoneInfo, now: datetime, problems: list[BadParameter]
) -> datetime | None:
    given: Sequence[str] = [value for value in address.values(name) if value.strip()]
    if not given:
        return None
    try:
        return read_moment(given[-1], name, zone=zone, now=now)
    except BadParameter as problem:
        problems.append(problem)
        return None


def _typed(address: Address, name: str, zone: ZoneInfo) -> str:
    return parameter_to_typed((address.values(name) or ("",))[-1], zone)

"""Reads the period in the URL of pages that compare, and offers it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.conf import audit_settings
from audit.errors import BadParameter
from audit.log.times import BadTime
from audit.query.search.moments import parse_moment

from .time_spans import typed_bound
from .typed_range import NOW, bound_parameter
from .url import Address, Pair

MAX_AHEAD = timedelta(days=366)
# What a form sends along of the period that was shown, for one that can't be read.
WAS = "was_"
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
) -> tuple[Period, Address, tuple[BadParameter, ...]]:
    """Return what `from` and `to` mean, the address with them alone, and what was wrong with them.

    What can't be read leaves the period that was shown, which the form sends along (`kept_fields`).
    default: what `from` means where it isn't given
    open_end: asked where a period without an end ends, as far as there are events
    """
    problems: list[BadParameter] = []
    start, end = (_read(address, name, zone, now, problems) for name in ("from", "to"))
    if not problems and start is not None and (end or now) < start:
        problems.append(BadParameter("from", _("The period ends before it begins.")))
    if problems:
        address = address.only(
            **{name: (address.values(WAS + name) or (None,))[-1] for name in ("from", "to")}
        )
        start, end = (_read(address, name, zone, now, []) for name in ("from", "to"))
        if start is not None and (end or now) < start:
            start = end = None
            address = address.only(**{"from": None, "to": None})
    address = _settled(address, zone, now)
    return (
        Period(
            start=start or parse_moment(default, now=end or now),
            end=end or open_end(),
            open_at=None if end else now,
            typed_start=_typed(address, "from", zone) if start else "",
            typed_end=_typed(address, "to", zone) if end else "",
        ),
        address,
        tuple(problems),
    )


def kept_fields(address: Address) -> tuple[Pair, ...]:
    """Return what a form with fields of a period sends along: the period that is shown."""
    return tuple((WAS + name, value) for name, value in address.pairs if name in ("from", "to"))


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

    Before EARLIEST_YEAR there can be no event.
    """
    try:
        is_end = name in ("to", "before_to")
        parameter = bound_parameter(text.strip(), zone=zone, now=now, is_end=is_end)
        moment = parse_moment(parameter, now=now)
    except BadTime as error:
        raise BadParameter(name, f"{error}.") from None
    year = audit_settings().EARLIEST_YEAR
    if not datetime(year, 1, 1, tzinfo=UTC) <= moment <= now + MAX_AHEAD:
        raise BadParameter(
            name,
            _("%(name)s “%(text)s” is before the year %(year)s, or more than a year ahead.")
            % {"name": name, "text": text[:64], "year": year},
        )
    return moment


def _read(
    address: Address, name: str, zone: ZoneInfo, now: datetime, problems: list[BadParameter]
) -> datetime | None:
    given = _given(address, name)
    if not given:
        return None
    try:
        return read_moment(given, name, zone=zone, now=now)
    except BadParameter as problem:
        problems.append(problem)
        return None


def _settled(address: Address, zone: ZoneInfo, now: datetime) -> Address:
    """Return the address with what was typed of each bound as the instant that it means, for good,
    and without what means none.
    """
    ours = frozenset(("from", "to", WAS + "from", WAS + "to"))
    bounds = []
    for name in ("from", "to"):
        given = _given(address, name)
        if given and _read(address, name, zone, now, []) is not None:
            is_end = name == "to"
            bounds.append((name, bound_parameter(given, zone=zone, now=now, is_end=is_end)))
    rest = tuple(pair for pair in address.pairs if pair[0] not in ours)
    return Address(path=address.path, pairs=(*rest, *bounds))


def _given(address: Address, name: str) -> str:
    return next((v.strip() for v in reversed(address.values(name)) if v.strip()), "")


def _typed(address: Address, name: str, zone: ZoneInfo) -> str:
    return typed_bound((address.values(name) or ("",))[-1], zone)

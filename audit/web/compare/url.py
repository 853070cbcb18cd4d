"""Reads and writes the URL of a comparison, and tells what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.contracts import Scope
from audit.errors import BadParameter
from audit.query import EventQuery
from audit.query.compare.comparison import MAX_COLUMNS, Column, CompareQuery, period_before, snapped
from audit.query.search.ahead_of_now import open_end
from audit.query.search.parameters import MAX_VALUE_CHARACTERS, types_of_groups
from audit.vocabulary import GROUPS
from audit.web.parts.labels import Environments
from audit.web.parts.left_out import known_pairs, like_words
from audit.web.parts.period import Period, read_moment, read_period
from audit.web.parts.url import Address, Pair

By = Literal["type", "actor", "application", "data_source", "workspace", "permission"]
BY: tuple[By, ...] = ("type", "actor", "application", "data_source", "workspace", "permission")
DEFAULT_FROM = "-7d"
BEFORE, NOW = "before", "now"
FILTERS = ("workspace", "type", "group")
# Filters that the counts of users, apps, … know; types are known where types are counted.
SUBJECT_FILTERS = ("workspace",)
SINGLE = (
    "from",
    "to",
    "was_from",
    "was_to",
    "by",
    "before_from",
    "before_to",
    "differences",
    "format",
    "folded",
)
MANY = ("environment", "has", "lacks", *FILTERS)
MAX_VALUES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRequest:
    """An address, read. chosen: keys of the environments; has, lacks: places of columns
    filters: those that the counts know, as the pages of events say them
    is_by_period: two periods of one environment are compared, else environments
    """

    address: Address
    query: CompareQuery
    by: By
    chosen: tuple[str, ...]
    filters: tuple[Pair, ...]
    period: Period
    has: tuple[int, ...]
    lacks: tuple[int, ...]
    only_differences: bool
    is_by_period: bool
    as_csv: bool
    folded: frozenset[str]
    problems: tuple[BadParameter, ...]


def read_address(
    address: Address,
    *,
    scope: Scope,
    environments: Environments,
    zone: ZoneInfo,
    now: datetime,
) -> ComparisonRequest:
    """Return what the address asks for; a parameter that is wrong is left out and told of.

    scope: without the system's own environment
    """
    kept, problems = known_pairs(address, (*SINGLE, *MANY))
    seen = environments.in_order(list(scope.environments))
    chosen = _environments(kept, seen, problems)
    seeing = EventQuery(scope=Scope(grants={key: scope.grants[key] for key in chosen}))
    period, kept, wrong = read_period(
        kept,
        default=DEFAULT_FROM,
        zone=zone,
        now=now,
        open_end=lambda: open_end(seeing, now=now),
    )
    problems += wrong
    by = _one_of(kept, "by", BY, problems)
    start, end = snapped(period.start, period.end, to_days=by not in ("type", "permission"))
    is_by_period = len(chosen) == 1
    if is_by_period:
        # What is dated ahead of now makes this period longer, not the one before it.
        until = period.open_at or period.end
        this = snapped(period.start, until, to_days=by not in ("type", "permission"))
        before = _period_before(kept, *this, by, zone, now, problems)
        columns = tuple(
            Column(key=key, environment=chosen[0], start=first, end=last)
            for key, (first, last) in ((BEFORE, before), (NOW, (start, end)))
        )
    else:
        columns = tuple(Column(key=k, environment=k, start=start, end=end) for k in chosen)
    names = FILTERS if by == "type" else SUBJECT_FILTERS
    include = {name: values for name in names if (values := _filter(kept, name, problems))}
    keys = [column.key for column in columns]
    return ComparisonRequest(
        address=kept,
        query=CompareQuery(scope=scope, columns=columns, include=types_of_groups(include)),
        by=by,
        chosen=chosen,
        filters=tuple((name, value) for name, values in include.items() for value in values),
        period=replace(period, start=start, end=end),
        has=_places(kept, "has", keys, problems),
        lacks=_places(kept, "lacks", keys, problems),
        only_differences=kept.values("differences") == ("1",),
        is_by_period=is_by_period,
        as_csv=kept.values("format") == ("csv",),
        folded=frozenset(_listed(kept, "folded")) & frozenset(GROUPS),
        problems=tuple(problems),
    )


def _environments(
    address: Address, seen: Sequence[str], problems: list[BadParameter]
) -> tuple[str, ...]:
    """The environments chosen, in the order of the path; without a choice the first ones."""
    asked = _known_of(address, "environment", seen, problems)
    if len(asked) > MAX_COLUMNS:
        problems.append(
            BadParameter(
                "environment",
                _("At most %(most)s environments are compared at once; the first ones are.")
                % {"most": MAX_COLUMNS},
            )
        )
    chosen = tuple(key for key in seen if key in asked) or tuple(seen)
    return chosen[:MAX_COLUMNS]


def _period_before(
    address: Address,
    start: datetime,
    end: datetime,
    by: By,
    zone: ZoneInfo,
    now: datetime,
    problems: list[BadParameter],
) -> tuple[datetime, datetime]:
    first, last = (
        _moment(address, name, zone, now, problems) for name in ("before_from", "before_to")
    )
    if first is None and last is None:
        return period_before(start, end)
    last = last or (first + (end - start) if first else end)
    first = first or last - (end - start)
    if last <= first:
        problems.append(BadParameter("before_from", _("The period ends before it begins.")))
        return period_before(start, end)
    return snapped(first, last, to_days=by not in ("type", "permission"))


def _moment(
    address: Address, name: str, zone: ZoneInfo, now: datetime, problems: list[BadParameter]
) -> datetime | None:
    try:
        given = address.values(name)
        return read_moment(given[-1], name, zone=zone, now=now) if given else None
    except BadParameter as problem:
        problems.append(problem)
        return None


def _one_of(address: Address, name: str, words: tuple[By, ...], problems: list[BadParameter]) -> By:
    given = _known_of(address, name, words, problems)
    return next((word for word in words if word in given), words[0])


def _filter(address: Address, name: str, problems: list[BadParameter]) -> tuple[str, ...]:
    values = address.values(name)
    if len(values) > MAX_VALUES or any(len(value) > MAX_VALUE_CHARACTERS for value in values):
        words = _("%(name)s: at most %(most)s values of %(length)s characters are compared.")
        limits = {"name": name, "most": MAX_VALUES, "length": MAX_VALUE_CHARACTERS}
        problems.append(BadParameter(name, words % limits))
        return ()
    if name == "group":
        return _known_of(address, name, tuple(GROUPS), problems)
    return values


def _places(
    address: Address, name: str, keys: Sequence[str], problems: list[BadParameter]
) -> tuple[int, ...]:
    return tuple(keys.index(key) for key in _known_of(address, name, keys, problems))


def _known_of(
    address: Address, name: str, known: Iterable[str], problems: list[BadParameter]
) -> tuple[str, ...]:
    known = tuple(known)
    for value in address.values(name):
        if value not in known:
            problems.append(
                BadParameter(
                    name,
                    _("%(name)s “%(value)s” is unknown%(like)s.")
                    % {"name": name, "value": value[:64], "like": like_words(value, known)},
                )
            )
    return tuple(value for value in address.values(name) if value in known)


def _listed(address: Address, name: str) -> list[str]:
    return [word for value in address.values(name) for word in value.split(",")]

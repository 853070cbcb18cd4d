"""Nothing was found: where is the newest match, and which filter stands in the way?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from audit.query import EventQuery, count_events, find_events
from audit.web.parts.filters import Chip
from audit.web.parts.moments import Moment, moment, to_utc
from audit.web.parts.text import count_text
from audit.web.parts.url import Address

MAX_DROPS = 6
# So much time is shown before the newest match.
BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    time: Moment
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """What the search finds without one of its filters."""

    label: str
    value: str
    count: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """nothing_at_all: there is no event that the viewer may see, whatever the filters"""

    nothing_at_all: bool
    newest: Newest | None
    drops: tuple[Drop, ...]


def explain(
    query: EventQuery,
    chips: Sequence[Chip],
    *,
    address: Address,
    read: Callable[[Address], EventQuery],
    zone: ZoneInfo,
) -> Empty:
    """read: the search that an address asks for"""
    newest = _newest(replace(query, start=None, end=None), address, zone)
    everything = read(Address(path=address.path, pairs=(("from", "always"),)))
    return Empty(
        nothing_at_all=newest is None and _newest(everything, address, zone) is None,
        newest=newest,
        drops=tuple(_drops(chips, address, read)),
    )


def _newest(query: EventQuery, address: Address, zone: ZoneInfo) -> Newest | None:
    found = find_events(query, cursor=None, page_size=1)
    if not found.results:
        return None
    at = datetime.fromisoformat(found.results[0].time)
    until = at + timedelta(seconds=1)
    href = address.only(**{"from": to_utc(until - BEFORE), "to": to_utc(until)})
    return Newest(time=moment(at, zone), href=str(href))


def _drops(
    chips: Sequence[Chip], address: Address, read: Callable[[Address], EventQuery]
) -> list[Drop]:
    drops = []
    for name in list(dict.fromkeys(chip.pair[0] for chip in chips))[:MAX_DROPS]:
        without = address.only(**{name: None})
        count = count_events(read(without))
        if count.count:
            values = [chip for chip in chips if chip.pair[0] == name]
            drops.append(
                Drop(
                    label=values[0].label,
                    value=", ".join(chip.value for chip in values),
                    count=count_text(count.count, is_capped=count.is_capped),
                    href=str(without),
                )
            )
    return drops

"""Looks into the days on which the values of a search meet, as few leaves at a time as will do."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from audit.log.ids import micros_of

from .bounded_scan import STEP_SECONDS, Direction, Look, ScanResult
from .conditions import Condition, bounds_condition, joined
from .day_index import Occurring, Stretch, day_floor

# The first statement looks into so many days or events; each further one into as many more as would
# take STEP_SECONDS by the last one's time, but on a busy machine not into next to nothing, and into
# no more than would hold what is still wanted.
FIRST_DAYS = 16.0
FIRST_EVENTS = 150_000
LEAST_EVENTS = 50_000
LEAST_GROWTH = 0.25
MOST_GROWTH = 32.0
# Rather one statement than two, where the second would have a small rest.
REST = 1.5
# Each is planned by itself.
MAX_STRETCHES = 12
# So few days don't end with a month, where there would be no end to it.
LEAST_DAYS = 5
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_MICROS = 86_400_000_000


def walk_days(
    look: Look, occurring: Occurring, low: UUID | None, high: UUID | None, limit: int
) -> ScanResult:
    """Return up to `limit` ids that match in `[low, high)`, in the look's direction."""
    is_older = look.direction == "older"
    uncounted = look.matching(occurring.uncounted, low, high)
    found = _walk(look, occurring, low, high, limit)
    ids, reached = found.ids, found.reached
    if reached is not None:
        # What lies beyond is for the next call.
        uncounted = [u for u in uncounted if (u >= reached if is_older else u <= reached)]
    merged = tuple(sorted({*ids, *uncounted}, reverse=is_older)[:limit])
    is_complete = reached is None or len(merged) >= limit
    return ScanResult(ids=merged, is_complete=is_complete, reached=None if is_complete else reached)


def _walk(
    look: Look, occurring: Occurring, low: UUID | None, high: UUID | None, limit: int
) -> ScanResult:
    """Look at what is counted: known days, and what is from before days were known."""
    known_from = occurring.known_from
    known_low = low
    parts: list[Callable[[int], ScanResult]] = []
    if known_from is not None:
        known_low = known_from if low is None else max(low, known_from)
        before = known_from if high is None else min(high, known_from)
        if low is None or low < before:
            parts.append(partial(look.within, low, before))
    stretches = [*_within(occurring.stretches, known_low, high)]
    walked = _DayWalk(look, stretches, occurring.events_a_day, known_low, high)
    parts.append(walked.run)
    ids: tuple[UUID, ...] = ()
    for part in reversed(parts) if look.direction == "older" else parts:
        found = part(limit - len(ids))
        ids += found.ids
        if not found.is_complete or len(ids) >= limit:
            return ScanResult(ids=ids, is_complete=found.is_complete, reached=found.reached)
    return ScanResult(ids=ids, is_complete=True)


class _DayWalk:
    """One walk over stretches of days, oldest first as given."""

    def __init__(
        self,
        look: Look,
        stretches: Sequence[Stretch],
        events_a_day: float,
        low: UUID | None,
        high: UUID | None,
    ) -> None:
        self._look = look
        self._is_older = look.direction == "older"
        self._left = deque(stretches[::-1] if self._is_older else stretches)
        self._low, self._high = low, high
        self._days = min(FIRST_DAYS, max(FIRST_EVENTS / max(events_a_day, 1.0), 1.0))
        self._least_days = LEAST_EVENTS / max(events_a_day, 1.0)

    def run(self, wanted: int) -> ScanResult:
        ids: list[UUID] = []
        while self._left:
            began = time.monotonic()
            taken = take(self._left, self._days, self._look.direction)
            found = self._look_into(taken, wanted - len(ids))
            ids += found.ids
            if not found.is_complete:
                return ScanResult(ids=tuple(ids), is_complete=False, reached=found.reached)
            if len(ids) >= wanted:
                break
            if self._left and self._look.is_over():
                # The far edge is looked at, too: a cursor goes on beyond it.
                low, high = self._bounds(taken[-1])
                edge = low if self._is_older else UUID(int=high.int - 1)
                return ScanResult(ids=tuple(ids), is_complete=False, reached=edge)
            self._grow(began, len(found.ids), wanted - len(ids))
        return ScanResult(ids=tuple(ids), is_complete=True)

    def _grow(self, began: float, found: int, wanted: int) -> None:
        now = time.monotonic()
        growth = min(STEP_SECONDS, self._look.deadline - now) / (now - began)
        days = max(self._days * min(max(growth, LEAST_GROWTH), MOST_GROWTH), self._least_days)
        self._days = min(days, self._days * REST * wanted / found) if found else days

    def _look_into(self, taken: Sequence[Stretch], wanted: int) -> ScanResult:
        if self._look.residual is None:
            wheres = [self._where(one) for one in taken]
            return ScanResult(ids=self._look.first_of(wheres, wanted), is_complete=True)
        ids: tuple[UUID, ...] = ()
        for one in taken:
            low, high = self._bounds(one)
            narrow = replace(
                self._look, certain=joined([self._look.certain, _in_environments(one)])
            )
            found = narrow.within(low, high, wanted - len(ids))
            ids += found.ids
            if not found.is_complete or len(ids) >= wanted:
                return replace(found, ids=ids)
        return ScanResult(ids=ids, is_complete=True)

    def _where(self, stretch: Stretch) -> Condition:
        return joined(
            [
                self._look.certain,
                _in_environments(stretch),
                bounds_condition(*self._bounds(stretch)),
            ]
        )

    def _bounds(self, stretch: Stretch) -> tuple[UUID, UUID]:
        low, high = day_floor(stretch.first), day_floor(stretch.end)
        return (
            low if self._low is None else max(low, self._low),
            high if self._high is None else min(high, self._high),
        )


def take(left: deque[Stretch], days: float, direction: Direction) -> list[Stretch]:
    """Take the next stretches from the left, of so many days in all; the last may be cut."""
    taken: list[Stretch] = []
    while left and len(taken) < MAX_STRETCHES and (days >= 1 or not taken):
        one = left.popleft()
        length = one.end - one.first
        if length <= days * REST:
            taken.append(one)
        elif direction == "older":
            edge = _edge(one.end - max(int(days), 1), one.first, one.end)
            taken.append(one._replace(first=edge))
            left.appendleft(one._replace(end=edge))
        else:
            edge = _edge(one.first + max(int(days), 1), one.first, one.end)
            taken.append(one._replace(end=edge))
            left.appendleft(one._replace(first=edge))
        days -= length
    return taken


def _edge(day: int, first: int, end: int) -> int:
    """Return a day near one, inside of a stretch, with which a month begins: then no leaf is
    planned twice.
    """
    at = date.fromordinal(_EPOCH + day)
    this = day - at.day + 1
    following = date.fromordinal(_EPOCH + this + 31).replace(day=1).toordinal() - _EPOCH
    nearest = this if day - this <= following - day else following
    if first + LEAST_DAYS <= nearest <= end - LEAST_DAYS and min(day - first, end - day) >= 8:
        return nearest
    return day


def _within(stretches: Sequence[Stretch], low: UUID | None, high: UUID | None) -> Iterator[Stretch]:
    """Yield the parts of stretches that have days with ids of `[low, high)`."""
    from_day = 0 if low is None else _day_of(low)
    until_day = None if high is None else _day_of(UUID(int=high.int - 1)) + 1
    for one in stretches:
        first = max(one.first, from_day)
        end = one.end if until_day is None else min(one.end, until_day)
        if first < end:
            yield one._replace(first=first, end=end)


def _day_of(id_: UUID) -> int:
    return micros_of(id_) // _DAY_MICROS


def _in_environments(stretch: Stretch) -> Condition:
    return Condition(f"e.environment IN ({', '.join(map(str, stretch.environments))})")

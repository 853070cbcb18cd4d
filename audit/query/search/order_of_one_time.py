"""Orders the events of one microsecond by submission and ordinal.

Searches walk ids, which hold the time and, below a microsecond, chance. Here what they find is put
in order: instants that lie inside of what was found are sorted, and those at its edge are read as a
whole. That costs nothing where no two events found are of the same instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

import psycopg

from audit.log.ids import instant_bounds, instant_of

from .bounded_scan import Direction, Look
from .bounded_search import look_for, walk
from .cursors import Cursor
from .event_query import EventQuery
from .one_instant import far_edge, is_small, places_of, read_instant

OPPOSITE: dict[Direction, Direction] = {"older": "newer", "newer": "older"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Events of a search in their direction's order.

    reached: where the search goes on if its time was over; None: nothing more matches in this
        direction, or enough was found
    shared: instants of which there are several events; by_id: those that stand in the order of ids
    """

    ids: tuple[UUID, ...]
    direction: Direction
    reached: Cursor | None
    shared: frozenset[int]
    by_id: frozenset[int]

    def beside(self, index: int, direction: Direction) -> Cursor:
        """Return the cursor that goes on from one of the events."""
        instant = instant_of(self.ids[index])
        is_within = instant in self.shared and instant not in self.by_id
        return Cursor(self.ids[index], direction, is_within)


def find_in_order(
    cursor: psycopg.Cursor[Any],
    query: EventQuery,
    *,
    at: Cursor | None,
    limit: int,
    now: datetime,
) -> InOrder:
    """Return up to `limit` events that match, in order, going on from a cursor or from the newest.

    limit: one more than are shown, so that it can be told whether the last one's instant goes on;
        or one
    """
    direction = at.direction if at is not None else "older"
    look = look_for(cursor, query, direction=direction, now=now)
    return _Finding(look, query, at, limit).run()


def newest_first(cursor: psycopg.Cursor[Any], query: EventQuery, ids: Iterable[UUID]) -> list[UUID]:
    """Return those of the events that are in the query's scope, in order; its filters count for
    nothing.
    """
    wanted = list(ids)
    return sorted(places := places_of(cursor, query, wanted), key=places.__getitem__, reverse=True)


def past_instant(event_id: UUID, direction: Direction) -> Cursor:
    """Return the cursor that goes on from the whole instant of an event."""
    return Cursor(far_edge(instant_of(event_id), direction), direction)


def turned_back(at: Cursor, reached: Cursor | None) -> Cursor:
    """Return the cursor that goes back from where nothing was found, to what came before `at`.

    reached: how far was looked, where that is not as far as there is
    """
    direction = OPPOSITE[at.direction]
    if reached is not None and at.is_within:
        return Cursor(reached.beyond, direction, reached.is_within)
    edge = past_instant(at.beyond, at.direction).beyond if at.is_within else at.beyond
    step = -1 if at.direction == "older" else 1
    return Cursor(UUID(int=edge.int + step), direction)


class _Finding:
    """One call of `find_in_order`."""

    def __init__(self, look: Look, query: EventQuery, at: Cursor | None, limit: int) -> None:
        self.look = look
        self.query = query
        self.at = at
        self.limit = limit
        self.direction = look.direction
        self.ids: list[UUID] = []
        self.shared: set[int] = set()
        self.by_id: set[int] = set()

    def run(self) -> InOrder:
        reached = self._first_instant()
        if reached is None and len(self.ids) < self.limit:
            reached = self._others()
        return InOrder(
            ids=tuple(self.ids),
            direction=self.direction,
            reached=reached if len(self.ids) < self.limit else None,
            shared=frozenset(self.shared),
            by_id=frozenset(self.by_id & self.shared),
        )

    def _first_instant(self) -> Cursor | None:
        """Take up what is left of the instant that the cursor stands in."""
        self.beyond = self.at.beyond if self.at is not None else None
        if self.at is None or not self.at.is_within:
            return None
        place = places_of(self.look.cursor, self.query, [self.at.beyond]).get(self.at.beyond)
        if place is None:  # it was deleted, and its month with it
            return None
        self.shared.add(place.instant)
        part = read_instant(self.look, self.query, place.instant, after=place, limit=self.limit)
        self.ids += part.ids
        self.beyond = far_edge(place.instant, self.direction)
        return Cursor(part.last, self.direction, is_within=True) if part.last else None

    def _others(self) -> Cursor | None:
        wanted = self.limit - len(self.ids)
        found = walk(self.look, self.query, beyond=self.beyond, limit=wanted)
        ids = list(found.ids)
        instants = [instant_of(id_) for id_ in ids]
        self.shared |= {one for one, next_ in pairwise(instants) if one == next_}
        if self.beyond is not None and instants[:1] == [instant_of(self.beyond)]:
            # The cursor goes by id here.
            self.by_id.add(instants[0])
        cut = self._cut_instant(found.reached, ids, wanted)
        if cut is not None and cut not in self.by_id:
            self.shared.add(cut)
            if is_small(self.look, self.query, cut):
                ids = [id_ for id_, instant in zip(ids, instants, strict=True) if instant != cut]
                part = read_instant(self.look, self.query, cut, after=None, limit=wanted - len(ids))
                self.ids += self._sorted(ids)
                self.ids += part.ids
                if part.last is not None:
                    return Cursor(part.last, self.direction, is_within=True)
                return Cursor(far_edge(cut, self.direction), self.direction)
            self.by_id.add(cut)
        self.ids += self._sorted(ids)
        if found.reached is None:
            return None
        if cut is not None:
            return Cursor(found.reached, self.direction)
        return past_instant(found.reached, self.direction)

    def _cut_instant(self, reached: UUID | None, ids: Sequence[UUID], wanted: int) -> int | None:
        """Return the instant of which only a part was looked at, if there is one."""
        if reached is not None:
            return instant_of(reached) if self._goes_on(reached) else None
        if len(ids) < wanted:
            return None
        last = instant_of(ids[-1])
        if self.limit == 1:
            return last if self._goes_on(ids[-1]) else None
        return last if [instant_of(id_) for id_ in ids[-2:-1]] == [last] else None

    def _goes_on(self, id_: UUID) -> bool:
        """Does an index lead to more in the instant of an id, beyond it?"""
        low, high = instant_bounds(instant_of(id_))
        if self.direction == "older":
            high = id_
        else:
            low = UUID(int=id_.int + 1)
        return low < high and bool(self.look.first(low, high, 1))

    def _sorted(self, ids: Sequence[UUID]) -> list[UUID]:
        """Put those right that share an instant with their neighbours."""
        mixed = [id_ for id_ in ids if instant_of(id_) in self.shared - self.by_id]
        if len(mixed) < 2:
            return list(ids)
        places = places_of(self.look.cursor, self.query, mixed)
        result: list[UUID] = []
        for _, group in groupby(ids, key=instant_of):
            several = list(group)
            if several[0] in places:
                several.sort(key=places.__getitem__, reverse=self.direction == "older")
            result += several
        return result

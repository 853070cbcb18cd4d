"""Bounds how many searches are at work at once, fairly between people.

A search keeps a processor busy, here and in the database, for as long as it takes; many at once
leave nothing to those who record. So few are at work, and the others wait on the event loop, where
they hold no thread and no connection, for a bounded time. The turn goes round between people:
who asks for much at once waits for their own searches, not others for them.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass

from .slots import Slots

# How often a process looks whether another has given a slot back, while somebody waits here.
LOOK_SECONDS = 0.002
# Whoever has given one back looks again after so long: first the others, who look more often.
LEAVE_SECONDS = 0.005


class NoTurn(Exception):
    """Too many searches are before this one for it to get its turn in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Of one process. of_one: searches of one person at work; in_all: of everybody; those that have
    lent their turn included
    wait_seconds: how long one waits for its turn; lend_seconds: after so long at work it lends its
    turn to the next, so that a long one is not in the way of short ones
    """

    of_one: int
    in_all: int
    wait_seconds: float
    lend_seconds: float


class Turn:
    """Leave to be at work, until it is given back; that may be done again."""

    __slots__ = ("_is_over", "_lending", "_person", "_slot", "_turns")

    def __init__(self, turns: SearchTurns, person: str, slot: int, *, lend_seconds: float) -> None:
        self._turns = turns
        self._person = person
        self._slot: int | None = slot
        self._is_over = False
        self._lending = asyncio.get_running_loop().call_later(lend_seconds, self._lend)

    def give_back(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._lending.cancel()
            self._lend()
            self._turns.end(self._person)

    def _lend(self) -> None:
        if self._slot is not None:
            self._turns.lend(self._slot)
            self._slot = None


class SearchTurns:
    """The turns of one process; slots: of all processes. Used on one event loop."""

    def __init__(self, bounds: Bounds, slots: Slots) -> None:
        self._bounds = bounds
        self._slots = slots
        self._of: Counter[str] = Counter()
        # Who is next comes first; within a person, who came first.
        self._waiting: OrderedDict[str, deque[asyncio.Future[Turn]]] = OrderedDict()
        self._look: asyncio.TimerHandle | None = None

    async def take(self, person: str) -> Turn:
        """Wait for a turn. Raises NoTurn."""
        future: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(person, deque()).append(future)
        if self._look is None:
            self._grant()
        try:
            async with asyncio.timeout(self._bounds.wait_seconds):
                return await future
        except TimeoutError:
            if not future.cancelled():
                return future.result()
            raise NoTurn from None
        except asyncio.CancelledError:
            if not future.cancelled():
                future.result().give_back()
            raise
        finally:
            self._forget(person, future)

    def lend(self, slot: int) -> None:
        """Let another be at work in place of one that goes on, or ends."""
        self._slots.give_back(slot)
        self._look_after(LEAVE_SECONDS)

    def end(self, person: str) -> None:
        """One is at work no more."""
        self._of[person] -= 1
        if not self._of[person]:
            del self._of[person]
        self._look_after(LEAVE_SECONDS)

    def _look_after(self, seconds: float) -> None:
        if self._look is None and self._waiting:
            self._look = asyncio.get_running_loop().call_later(seconds, self._grant)

    def _grant(self) -> None:
        self._look = None
        while (person := self._next_person()) is not None:
            slot = self._slots.take()
            if slot is None:
                self._look_after(LOOK_SECONDS)
                return
            future = self._waiting[person].popleft()
            # Whoever has had a turn comes after all others who wait.
            self._waiting.move_to_end(person)
            if not self._waiting[person]:
                del self._waiting[person]
            self._of[person] += 1
            turn = Turn(self, person, slot, lend_seconds=self._bounds.lend_seconds)
            if future.done():  # Who asked has gone.
                turn.give_back()
            else:
                future.set_result(turn)

    def _next_person(self) -> str | None:
        """Return whose turn it is, if anybody's."""
        if self._of.total() >= self._bounds.in_all:
            return None
        return next((p for p in self._waiting if self._of[p] < self._bounds.of_one), None)

    def _forget(self, person: str, future: asyncio.Future[Turn]) -> None:
        """Who has gone waits no longer."""
        waiting = self._waiting.get(person)
        if waiting is not None and future in waiting:
            waiting.remove(future)
            if not waiting:
                del self._waiting[person]

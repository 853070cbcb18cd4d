"""Batches calls that wait for the same thread.

A thread that is handed each by itself, and hands each back, costs more than what it does for a
small one. So all that wait are handed over at once; whoever comes meanwhile gets the next turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Argument = TypeVar("Argument")
Outcome = TypeVar("Outcome")
MAX_BATCH = 64
# Of the event loop, some microseconds each, that a turn is put off by. One finds what has arrived,
# the next starts to work on it, the third has it ask: so those that were answered by the turn
# before, and have sent again, are not left to the turn after.
PASSES = 4


class CallBatcher(Generic[Argument, Outcome]):
    """Used on one event loop; answer: called in the thread, returns the outcomes in the order of
    the arguments.

    No call is delayed for others: a batch has what arrived together with the first.
    """

    def __init__(self, answer: Callable[[Sequence[Argument]], Sequence[Outcome]]) -> None:
        self._answer = answer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="turns")
        self._waiting: list[tuple[Argument, asyncio.Future[Outcome]]] = []
        self._is_busy = False

    async def ask(self, argument: Argument) -> Outcome:
        """Return the answer, or raise what `answer` raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((argument, future))
        if not self._is_busy:
            self._is_busy = True
            self._begin_after(PASSES)
        return await future

    def close(self) -> None:
        """Let the present batch end, and start no other."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _begin_after(self, passes: int) -> None:
        if passes:
            asyncio.get_running_loop().call_soon(self._begin_after, passes - 1)
        else:
            self._begin()

    def _begin(self) -> None:
        taken, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        turn = asyncio.get_running_loop().run_in_executor(
            self._thread, self._answer, [argument for argument, _ in taken]
        )
        turn.add_done_callback(lambda turn: self._end(taken, turn))

    def _end(
        self,
        taken: Sequence[tuple[Argument, asyncio.Future[Outcome]]],
        turn: asyncio.Future[Sequence[Outcome]],
    ) -> None:
        if self._waiting:
            self._begin_after(PASSES)
        else:
            self._is_busy = False
        waiting = [future for _, future in taken]
        if turn.cancelled():
            for future in waiting:
                future.cancel()
        elif error := turn.exception():
            for future in waiting:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, answer in zip(waiting, turn.result(), strict=True):
                if not future.done():
                    future.set_result(answer)

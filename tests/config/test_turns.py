"""Many that wait for the same thread are handed to it together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from config.turns import MAX_BATCH, CallBatcher

SECONDS = 30


class Doubling:
    """Doubles numbers once it may, and keeps what each turn was given."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.may = threading.Event()
        self.may.set()

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.turns.append(list(asked))
        assert self.may.wait(SECONDS)
        return [2 * number for number in asked]


def ask(answer: Callable[[Sequence[int]], Sequence[int]], numbers: Sequence[int]) -> list[int]:
    async def run() -> list[int]:
        turns = CallBatcher(answer)
        try:
            return await asyncio.gather(*(turns.ask(number) for number in numbers))
        finally:
            turns.close()

    return asyncio.run(run())


class TestTurns:
    def test_answer_each_what_it_asked(self) -> None:
        doubling = Doubling()
        assert ask(doubling, [3, 1, 2]) == [6, 2, 4]
        assert doubling.turns == [[3, 1, 2]]

    def test_take_what_came_meanwhile_at_once(self) -> None:
        doubling = Doubling()
        doubling.may.clear()

        async def run() -> list[int]:
            turns = CallBatcher(doubling)
            first = asyncio.create_task(turns.ask(1))
            while not doubling.turns:
                await asyncio.sleep(0)
            others = [asyncio.create_task(turns.ask(number)) for number in (2, 3, 4)]
            await asyncio.sleep(0)
            doubling.may.set()
            answers = [await first, *[await other for other in others]]
            last = await turns.ask(5)
            turns.close()
            return [*answers, last]

        assert asyncio.run(run()) == [2, 4, 6, 8, 10]
        assert doubling.turns == [[1], [2, 3, 4], [5]]

    def test_take_along_what_arrives_with_the_first(self) -> None:
        doubling = Doubling()

        async def run() -> list[int]:
            turns = CallBatcher(doubling)

            async def ask_late() -> int:
                await asyncio.sleep(0)
                return await turns.ask(2)

            answers = await asyncio.gather(turns.ask(1), ask_late())
            turns.close()
            return answers

        assert asyncio.run(run()) == [2, 4]
        assert doubling.turns == [[1, 2]]

    def test_are_of_a_bounded_size(self) -> None:
        doubling = Doubling()
        numbers = list(range(MAX_BATCH + 1))
        assert ask(doubling, numbers) == [2 * number for number in numbers]
        assert [len(turn) for turn in doubling.turns] == [MAX_BATCH, 1]

    def test_that_fail_tell_all_who_asked(self) -> None:
        def fail(asked: Sequence[int]) -> Sequence[int]:
            raise RuntimeError("broken")

        with pytest.raises(RuntimeError, match="broken"):
            ask(fail, [1, 2])

    def test_go_on_after_one_who_asked_has_gone(self) -> None:
        doubling = Doubling()
        doubling.may.clear()

        async def run() -> int:
            turns = CallBatcher(doubling)
            gone = asyncio.create_task(turns.ask(1))
            while not doubling.turns:
                await asyncio.sleep(0)
            gone.cancel()
            stays = asyncio.create_task(turns.ask(2))
            await asyncio.sleep(0)
            doubling.may.set()
            answer = await stays
            turns.close()
            return answer

        assert asyncio.run(run()) == 4

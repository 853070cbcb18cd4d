"""Few searches at once, in turn between people, each waiting for a bounded time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import search_turns
from config.search_turns import Bounds, NoTurn, SearchTurns, Turn
from config.slots import Slots
from config.variables import BASE_DIR

LONG_SECONDS = 60
BOUNDS = Bounds(of_one=1, in_all=4, wait_seconds=LONG_SECONDS, lend_seconds=LONG_SECONDS)
Outcome = TypeVar("Outcome")
DIRECTORY = tempfile.TemporaryDirectory(prefix="sightline-turns-")


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_turns, "LOOK_SECONDS", 0)
    monkeypatch.setattr(search_turns, "LEAVE_SECONDS", 0)


@cache
def slots_of(count: int) -> Slots:
    """Each test gives back what it has taken."""
    return Slots(Path(DIRECTORY.name) / str(count), count=count)


def turns_of(at_once: int = 1, **bounds: Any) -> SearchTurns:
    directory = Path(tempfile.mkdtemp(dir=DIRECTORY.name))
    return SearchTurns(replace(BOUNDS, **bounds), Slots(directory, count=at_once))


def run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    async def within() -> Outcome:
        async with asyncio.timeout(LONG_SECONDS):
            return await work

    return asyncio.run(within())


def asking(turns: SearchTurns, person: str) -> asyncio.Task[Turn]:
    return asyncio.create_task(turns.take(person))


async def settle() -> None:
    """Let every task come to where it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def order_of(turns: SearchTurns, people: list[str]) -> list[str]:
    """Have all ask at once, and return whose turn came when."""
    asked = []
    for person in people:
        asked.append((person, asking(turns, person)))
        await settle()
    served = []
    while asked:
        await settle()
        person, task = next(one for one in asked if one[1].done())
        asked.remove((person, task))
        served.append(person)
        task.result().give_back()
    return served


class TestSearchTurns:
    def test_are_had_at_once_where_nobody_is_before(self) -> None:
        async def work() -> bool:
            task = asking(turns_of(), "ann")
            await settle()
            return task.done()

        assert run(work())

    def test_are_as_many_at_once_as_there_may_be(self) -> None:
        async def work() -> list[bool]:
            turns = turns_of(2)
            tasks = [asking(turns, name) for name in ("ann", "ben", "cleo")]
            await settle()
            return [task.done() for task in tasks]

        assert run(work()) == [True, True, False]

    def test_go_round_between_people_however_much_one_asks(self) -> None:
        people = ["ann"] * 50 + ["ben", "cleo"]
        served = run(order_of(turns_of(), people))
        assert served == ["ann", "ann", "ben", "cleo", *["ann"] * 48]

    def test_of_one_person_leave_room_for_another(self) -> None:
        async def work() -> list[bool]:
            turns = turns_of(2)
            tasks = [asking(turns, name) for name in ("ann", "ann", "ben")]
            await settle()
            return [task.done() for task in tasks]

        assert run(work()) == [True, False, True]

    def test_are_waited_for_no_longer_than_that(self) -> None:
        async def work() -> bool:
            turns = turns_of(wait_seconds=0.01)
            first = await turns.take("ann")
            with pytest.raises(NoTurn):
                await turns.take("ben")
            first.give_back()
            (await turns.take("ben")).give_back()
            return True

        assert run(work())

    def test_of_a_long_search_are_lent_to_the_next(self) -> None:
        async def work() -> list[bool]:
            turns = turns_of(lend_seconds=0.01)
            await turns.take("ann")
            # Ann's goes on all the while.
            await turns.take("ben")
            of_ann = asking(turns, "ann")
            await asyncio.sleep(0.05)
            return [of_ann.done()]

        assert run(work()) == [False]

    def test_of_long_searches_are_bounded_in_all(self) -> None:
        async def work() -> bool:
            turns = turns_of(in_all=2, lend_seconds=0.01)
            await turns.take("ann")
            await turns.take("ben")
            third = asking(turns, "cleo")
            await asyncio.sleep(0.05)
            return third.done()

        assert not run(work())

    def test_of_who_has_gone_are_nobodys(self) -> None:
        async def work() -> None:
            turns = turns_of()
            first = await turns.take("ann")
            gone = asking(turns, "ben")
            await settle()
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone
            first.give_back()
            (await turns.take("cleo")).give_back()

        run(work())

    def test_granted_to_who_goes_in_that_moment_come_back(self) -> None:
        async def work() -> None:
            turns = turns_of()
            first = await turns.take("ann")
            gone = asking(turns, "ben")
            await settle()
            first.give_back()
            gone.cancel()  # granted, and not yet taken
            with suppress(asyncio.CancelledError):
                await gone
            (await turns.take("cleo")).give_back()

        run(work())

    def test_given_back_twice_are_one(self) -> None:
        async def work() -> list[bool]:
            turns = turns_of()
            first = await turns.take("ann")
            first.give_back()
            first.give_back()
            tasks = [asking(turns, name) for name in ("ben", "cleo")]
            await settle()
            return [task.done() for task in tasks]

        assert run(work()) == [True, False]

    @given(
        steps=st.lists(
            st.tuples(st.sampled_from(["ask", "end", "go"]), st.integers(0, 3)), max_size=60
        ),
        at_once=st.integers(1, 3),
        of_one=st.integers(1, 2),
    )
    def test_are_never_lost_nor_too_many(
        self, steps: list[tuple[str, int]], at_once: int, of_one: int
    ) -> None:
        async def work() -> None:
            bounds = replace(BOUNDS, of_one=of_one, in_all=3)
            turns = SearchTurns(bounds, slots_of(at_once))
            asked: list[tuple[int, asyncio.Task[Turn]]] = []
            for step, number in steps:
                if step == "ask":
                    asked.append((number, asking(turns, str(number))))
                elif asked:
                    person, task = asked.pop(number % len(asked))
                    if step == "end" and task.done():
                        task.result().give_back()
                    elif task.done():
                        asked.append((person, task))
                    else:
                        task.cancel()
                await settle()
                at_work = [person for person, task in asked if task.done()]
                waiting = [person for person, task in asked if not task.done()]
                assert len(at_work) <= at_once
                assert all(at_work.count(person) <= of_one for person in at_work)
                # Nobody waits who could be at work.
                if len(at_work) < min(at_once, bounds.in_all):
                    assert all(at_work.count(person) >= of_one for person in waiting)
            for _, task in asked:
                if task.done():
                    task.result().give_back()
                task.cancel()
            await settle()

        run(work())


class TestSlotsOfSeveralProcesses:
    """Each has its own `Slots` of the same directory."""

    def test_are_shared(self, tmp_path: Path) -> None:
        async def work() -> list[bool]:
            ours, theirs = (SearchTurns(BOUNDS, Slots(tmp_path, count=1)) for _ in range(2))
            turn = await ours.take("ann")
            waiting = asking(theirs, "ben")
            await settle()
            was_free = waiting.done()
            turn.give_back()
            (await waiting).give_back()
            return [was_free, waiting.done()]

        assert run(work()) == [False, True]

    def test_go_back_and_forth_where_both_have_much_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_turns, "LEAVE_SECONDS", 0.05)
        monkeypatch.setattr(search_turns, "LOOK_SECONDS", 0.001)
        served: list[str] = []

        async def work() -> None:
            async def search(turns: SearchTurns, name: str) -> None:
                turn = await turns.take(name)
                served.append(name)
                turn.give_back()

            ours, theirs = (SearchTurns(BOUNDS, Slots(tmp_path, count=1)) for _ in range(2))
            holding = await ours.take("first")
            asked = [search(ours, "ann") for _ in range(4)] + [
                search(theirs, "ben") for _ in range(4)
            ]
            tasks = [asyncio.create_task(one) for one in asked]
            await settle()
            holding.give_back()
            await asyncio.gather(*tasks)

        run(work())
        assert served[:4] in (["ben", "ann"] * 2, ["ann", "ben"] * 2)

    def test_come_back_from_one_that_is_gone(self, tmp_path: Path) -> None:
        script = (
            "import pathlib, sys; from config.slots import Slots;"
            " print(Slots(pathlib.Path(sys.argv[1]), count=1).take(), flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline().strip() != b"None"
            ours = Slots(tmp_path, count=1)
            assert ours.take() is None
            child.kill()
        assert ours.take() is not None

"""Aligns two sequences by their equal parts, in bounded time.

The shortest way from one to the other by E. W. Myers, "An O(ND) Difference Algorithm and Its
Variations" (1986): quick where little differs, and given up where the effort is used up.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(slots=True)
class Effort:
    """How many steps are left, over all that is compared for one page."""

    left: int = 400_000


class Block(NamedTuple):
    """`old[old_from:old_to]` became `new[new_from:new_to]`; is_same: they are equal."""

    is_same: bool
    old_from: int
    old_to: int
    new_from: int
    new_to: int


def align(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> tuple[Block, ...]:
    """Return blocks that cover both, same and other ones in turn.

    What both begin and end with is found in any case; where the effort ends, all between is one
    block.
    """
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    same = [(head + x, head + y) for x, y in _same_places(a, b, effort)]
    runs = [(0, 0, head), *_runs(same), (len(old) - tail, len(new) - tail, tail)]
    return tuple(_blocks(runs))


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """With how many equal ones both begin."""
    for index, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return index
    return min(len(a), len(b))


def _same_places(
    a: Sequence[Hashable], b: Sequence[Hashable], effort: Effort
) -> list[tuple[int, int]]:
    """Return the places (x, y) with `a[x] == b[y]` on the shortest way, in order."""
    if not a or not b:
        return []
    rounds: list[_Round] = []
    for edits in range(len(a) + len(b) + 1):
        here = _Round(
            lowest=-edits + 2 * max(0, edits - len(b)),
            highest=edits - 2 * max(0, edits - len(a)),
        )
        for k in range(here.lowest, here.highest + 1, 2):
            x = rounds[-1].step(k)[0] if rounds else 0
            effort.left -= 1
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
                effort.left -= 1
            here.furthest.append(x)
            if x >= len(a) and x - k >= len(b):
                return _walked_back(rounds, x, x - k)
        rounds.append(here)
        if effort.left <= 0:
            return []
    raise AssertionError("so many edits lead from anything to anything")


class _Round:
    """Of each diagonal k = x - y, every second one, the furthest x that so many edits reach."""

    def __init__(self, *, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest
        self.furthest = array("q")

    def step(self, k: int) -> tuple[int, int]:
        """Where diagonal k is entered by one more edit: its x, and the diagonal that it came from,
        the one above by taking from the old, the one below by adding of the new.
        """
        taking, adding = self._at(k - 1), self._at(k + 1)
        return (adding, k + 1) if taking < adding else (taking + 1, k - 1)

    def _at(self, k: int) -> int:
        is_here = self.lowest <= k <= self.highest
        return self.furthest[(k - self.lowest) // 2] if is_here else -1


def _walked_back(rounds: list[_Round], x: int, y: int) -> list[tuple[int, int]]:
    """rounds: those before the one that reached the end at (x, y)."""
    same: list[tuple[int, int]] = []
    for before in reversed(rounds):
        first, previous = before.step(x - y)
        while x > first:
            x, y = x - 1, y - 1
            same.append((x, y))
        # The edit itself: from the other diagonal.
        x = first - (previous < x - y)
        y = x - previous
    while x > 0:
        x, y = x - 1, y - 1
        same.append((x, y))
    return same[::-1]


def _runs(same: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Neighbouring places as (x, y, length)."""
    runs: list[tuple[int, int, int]] = []
    for x, y in same:
        if runs and (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]) == (x, y):
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((x, y, 1))
    return runs


def _blocks(runs: Sequence[tuple[int, int, int]]) -> list[Block]:
    blocks: list[Block] = []
    x = y = 0
    for old_from, new_from, length in runs:
        if old_from > x or new_from > y:
            blocks.append(Block(False, x, old_from, y, new_from))
        x, y = old_from + length, new_from + length
        if length:
            blocks.append(Block(True, old_from, x, new_from, y))
    return blocks

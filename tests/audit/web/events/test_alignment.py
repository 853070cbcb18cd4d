"""What is the same in two sequences, found in bounded time."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from audit.web.events.alignment import Block, Effort, align

LETTERS = st.text(alphabet="abc", max_size=30)


def longest_common(a: str, b: str) -> int:
    """The length of the longest common subsequence, the slow way."""
    row = [0] * (len(b) + 1)
    for x in a:
        row = [0, *row[1:]]
        diagonal = 0
        for j, y in enumerate(b, start=1):
            diagonal, row[j] = row[j], diagonal + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def check(a: str, b: str, blocks: tuple[Block, ...]) -> int:
    """The blocks cover both, and what is said to be the same is. Return how much that is."""
    assert "".join(a[block.old_from : block.old_to] for block in blocks) == a
    assert "".join(b[block.new_from : block.new_to] for block in blocks) == b
    same = 0
    for block in blocks:
        if block.is_same:
            assert a[block.old_from : block.old_to] == b[block.new_from : block.new_to]
            same += block.old_to - block.old_from
    return same


class TestAlign:
    @given(LETTERS, LETTERS)
    def test_finds_as_much_as_there_is(self, a: str, b: str) -> None:
        assert check(a, b, align(a, b, Effort())) == longest_common(a, b)

    @given(LETTERS, LETTERS, st.integers(0, 40))
    def test_covers_both_where_the_effort_ends(self, a: str, b: str, left: int) -> None:
        check(a, b, align(a, b, Effort(left)))

    def test_takes_no_more_steps_than_are_left(self) -> None:
        rng = random.Random(7)
        a, b = ("".join(rng.choices("ab", k=60_000)) for _ in range(2))
        effort = Effort(100_000)
        (block,) = (block for block in align(f"x{a}y", f"x{b}y", effort) if not block.is_same)
        assert block.old_to - block.old_from > 50_000
        assert effort.left > -70_000

    def test_is_quick_where_long_ones_differ_little(self) -> None:
        a = list(range(100_000))
        effort = Effort(400_000)
        blocks = align(a, [*a[:50_000], -1, *a[50_003:]], effort)
        assert [(b.old_from, b.old_to, b.new_from, b.new_to) for b in blocks if not b.is_same] == [
            (50_000, 50_003, 50_000, 50_001)
        ]
        assert effort.left > 399_000

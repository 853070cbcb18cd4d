"""The hashes of tiles are told as they are completed, whatever the steps a tree grows by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.growing import grow
from audit.tlog.tiles import TILE_WIDTH, tiles_of
from audit.tlog.tree import Frontier

from . import reference

LEAVES = reference.leaves(70_000)


class TestGrow:
    @given(st.lists(st.integers(0, 700), max_size=6))
    def test_has_the_defined_root_after_every_step(self, steps: list[int]) -> None:
        frontier = Frontier()
        completed: dict[tuple[int, int], bytes] = {}
        for step in steps:
            for level, index, hash_ in grow(frontier, LEAVES[frontier.size :][:step]):
                assert (level, index) not in completed
                completed[level, index] = hash_
            assert frontier.root() == reference.mth(LEAVES[: frontier.size])
        assert len(completed) == frontier.size // TILE_WIDTH
        for (level, index), hash_ in completed.items():
            width = TILE_WIDTH**level
            assert hash_ == reference.mth(LEAVES[index * width : (index + 1) * width])

    def test_completes_what_the_tiles_of_a_large_tree_hold(self) -> None:
        frontier = Frontier()
        completed = {(level, index) for level, index, _ in grow(frontier, LEAVES)}
        wanted = {
            (tile.level, tile.index * TILE_WIDTH + at)
            for tile in tiles_of(len(LEAVES))
            if tile.level
            for at in range(tile.width)
        }
        assert completed == wanted
        assert frontier.root() == reference.mth(LEAVES)

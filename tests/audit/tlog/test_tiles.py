from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.inclusion import check_inclusion, prove_inclusion
from audit.tlog.tiles import ENTRIES, Tile, TileTree, parse_tile_path, tile_root, tiles_of

from . import reference


class TestPaths:
    @pytest.mark.parametrize(
        ("tile", "path"),
        [
            pytest.param(Tile(0, 1234067), "tile/0/x001/x234/067", id="the one of the format"),
            pytest.param(Tile(0, 0, 1), "tile/0/000.p/1", id="partial"),
            pytest.param(Tile(63, 999, 255), "tile/63/999.p/255", id="topmost"),
            pytest.param(Tile(1, 1000), "tile/1/x001/000", id="a thousand"),
            pytest.param(Tile(ENTRIES, 12, 7), "tile/entries/012.p/7", id="a bundle"),
        ],
    )
    def test_are_those_of_the_format(self, tile: Tile, path: str) -> None:
        assert tile.path == path
        assert parse_tile_path(path) == tile

    @given(st.integers(-1, 63), st.integers(0, 2**63), st.integers(1, 256))
    def test_come_back(self, level: int, index: int, width: int) -> None:
        tile = Tile(level, index, width)
        assert parse_tile_path(tile.path) == tile

    @pytest.mark.parametrize(
        "path",
        [
            "tile/64/000",
            "tile/00/000",
            "tile/0/0",
            "tile/0/x000/001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/entries/٠٠٠",
            "tile/0/000/",
            "tile/-1/000",
        ],
    )
    def test_in_another_form_are_none(self, path: str) -> None:
        assert parse_tile_path(path) is None


class TestTiles:
    def test_of_70000_leaves_are_those_of_the_format(self) -> None:
        assert Counter((t.level, t.width) for t in tiles_of(70_000)) == {
            (0, 256): 273,
            (0, 112): 1,
            (1, 256): 1,
            (1, 17): 1,
            (2, 1): 1,
        }

    def test_of_256_leaves_are_a_full_one_and_one_above(self) -> None:
        assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
        assert list(tiles_of(0)) == []

    def test_have_the_root_of_their_hashes(self) -> None:
        hashes = reference.leaves(256)
        assert tile_root(hashes) == reference.mth(hashes)

    @pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600, 65_536, 66_000])
    def test_are_enough_for_every_proof(self, size: int) -> None:
        hashes = reference.leaves(size)
        subtree = reference.subtrees(hashes)
        read: list[Tile] = []

        def content(tile: Tile) -> bytes:
            read.append(tile)
            span = tile.index * 256
            return b"".join(subtree(8 * tile.level, span + at) for at in range(tile.width))

        tree = TileTree(size, content)
        root = reference.mth(hashes)
        for index in {0, size // 2, size - 1}:
            path = prove_inclusion(tree.subtree, index, size)
            check_inclusion(hashes[index], index, size, path, root)
        assert set(read) <= set(tiles_of(size))
        assert len(read) == len(set(read))

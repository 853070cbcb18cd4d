from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.hashes import EMPTY_ROOT, leaf_hash
from audit.tlog.tree import Frontier, perfect_subtrees, range_hash, split_point

from . import reference

# The leaves and roots that Certificate Transparency's implementations are held against.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class TestFrontier:
    def test_has_the_known_roots(self) -> None:
        frontier = Frontier()
        for leaf, root in zip(LEAVES, ROOTS, strict=True):
            frontier.append(leaf_hash(leaf))
            assert frontier.root().hex() == root

    def test_has_the_defined_root_at_every_size_to_600(self) -> None:
        hashes = reference.leaves(600)
        frontier = Frontier()
        assert frontier.root() == EMPTY_ROOT == reference.mth([])
        for size in range(1, 601):
            frontier.append(hashes[size - 1])
            assert frontier.size == size
            assert frontier.root() == reference.mth(hashes[:size])

    def test_goes_on_from_what_was_kept(self) -> None:
        hashes = reference.leaves(300)
        for size in (0, 1, 255, 256, 257):
            kept = Frontier()
            for hash_ in hashes[:size]:
                kept.append(hash_)
            again = Frontier(kept.size, kept.hashes)
            for hash_ in hashes[size:]:
                again.append(hash_)
            assert again.root() == reference.mth(hashes)

    def test_refuses_hashes_that_are_not_those_of_its_size(self) -> None:
        with pytest.raises(ValueError, match="2 perfect subtrees"):
            Frontier(3, [bytes(32)])


class TestRanges:
    @given(st.integers(1, 2**40))
    def test_are_made_of_perfect_subtrees_without_a_gap(self, size: int) -> None:
        at = 0
        for level, index in perfect_subtrees(0, size):
            assert index << level == at
            at += 1 << level
        assert at == size

    def test_are_hashed_as_defined(self) -> None:
        hashes = reference.leaves(600)
        subtree = reference.subtrees(hashes)
        for size in reference.SIZES:
            assert range_hash(subtree, 0, size) == reference.mth(hashes[:size])
        assert range_hash(subtree, 512, 600) == reference.mth(hashes[512:])

    @given(st.integers(2, 2**60))
    def test_are_split_at_the_largest_power_of_two_below(self, count: int) -> None:
        k = split_point(count)
        assert k.bit_count() == 1
        assert k < count <= 2 * k

"""Proofs of inclusion and of consistency: what is made, and what is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.consistency import check_consistency, prove_consistency
from audit.tlog.errors import BadProof
from audit.tlog.hashes import EMPTY_ROOT
from audit.tlog.inclusion import check_inclusion, prove_inclusion

from . import reference

HASHES = reference.leaves(600)
SUBTREE = reference.subtrees(HASHES)
ROOTS = {0: EMPTY_ROOT, **{size: reference.mth(HASHES[:size]) for size in range(1, 601)}}
OTHER = bytes(32)


def indices(size: int) -> list[int]:
    """Leaves at the edges of subtrees."""
    near = {2**k + d for k in range(10) for d in (-1, 0, 1)} | {0, size - 1, size - 2, size // 3}
    return sorted(i for i in near if 0 <= i < size)


class TestInclusion:
    @pytest.mark.parametrize("size", reference.SIZES)
    def test_is_proved_as_defined_and_believed(self, size: int) -> None:
        hashes = HASHES[:size]
        for index in indices(size):
            path = prove_inclusion(SUBTREE, index, size)
            assert path == reference.path(index, hashes)
            check_inclusion(HASHES[index], index, size, path, ROOTS[size])

    @given(st.data())
    def test_is_believed_of_no_other_leaf_place_path_or_root(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 600))
        index = data.draw(st.integers(0, size - 1))
        path = prove_inclusion(SUBTREE, index, size)
        check_inclusion(HASHES[index], index, size, path, ROOTS[size])
        wrong: list[tuple[bytes, int, int, list[bytes], bytes]] = [
            (OTHER, index, size, path, ROOTS[size]),
            (HASHES[index], index, size, path, OTHER),
            (HASHES[index], index, size, [*path, OTHER], ROOTS[size]),
            (HASHES[index], size, size, path, ROOTS[size]),
        ]
        if path:
            at = data.draw(st.integers(0, len(path) - 1))
            wrong += [
                (HASHES[index], index, size, path[:-1], ROOTS[size]),
                (HASHES[index], index, size, [*path[:at], OTHER, *path[at + 1 :]], ROOTS[size]),
            ]
            place = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
            wrong.append((HASHES[index], place, size, path, ROOTS[size]))
        for each in wrong:
            with pytest.raises(BadProof):
                check_inclusion(*each)

    def test_is_proved_of_no_leaf_that_is_not_there(self) -> None:
        for index, size in ((0, 0), (5, 5), (-1, 5)):
            with pytest.raises(ValueError, match="has no leaf"):
                prove_inclusion(SUBTREE, index, size)


class TestConsistency:
    @pytest.mark.parametrize("size", reference.SIZES)
    def test_is_proved_as_defined_and_believed(self, size: int) -> None:
        for old in {*indices(size), size} - {0}:
            proof = prove_consistency(SUBTREE, old, size)
            assert proof == reference.proof(old, HASHES[:size])
            check_consistency(old, ROOTS[old], size, ROOTS[size], proof)

    @given(st.data())
    def test_is_believed_of_no_other_tree(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 600))
        old = data.draw(st.integers(0, size))
        proof = prove_consistency(SUBTREE, old, size)
        check_consistency(old, ROOTS[old], size, ROOTS[size], proof)
        wrong: list[tuple[int, bytes, int, bytes, list[bytes]]] = [
            (old, OTHER, size, ROOTS[size], proof),
            (old, ROOTS[old], size, ROOTS[size], [*proof, OTHER]),
            (size + 1, ROOTS[old], size, ROOTS[size], proof),
        ]
        if old:
            wrong.append((old, ROOTS[old], size, OTHER, proof))
        if proof:
            at = data.draw(st.integers(0, len(proof) - 1))
            wrong += [
                (old, ROOTS[old], size, ROOTS[size], proof[:-1]),
                (old, ROOTS[old], size, ROOTS[size], [*proof[:at], OTHER, *proof[at + 1 :]]),
            ]
        for each in wrong:
            with pytest.raises(BadProof):
                check_consistency(*each)

    def test_is_asked_of_no_smaller_tree(self) -> None:
        with pytest.raises(ValueError, match="was never one of 6"):
            prove_consistency(SUBTREE, 6, 5)

"""Proves that a tree only grew, and checks such a proof (RFC 6962 section 2.1.2)."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import BadProof
from .hashes import EMPTY_ROOT, node_hash
from .tree import Subtree, range_hash, split_point


def prove_consistency(subtree: Subtree, old_size: int, size: int) -> list[bytes]:
    """Return PROOF(old_size, D[size]); nothing where the old tree is empty or the same."""
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} leaves was never one of {old_size}")
    if old_size in (0, size):
        return []
    proof: list[bytes] = []
    start, end, is_whole = 0, size, True
    while old_size != end:
        middle = start + split_point(end - start)
        if old_size <= middle:
            proof.append(range_hash(subtree, middle, end))
            end = middle
        else:
            proof.append(range_hash(subtree, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        # SUBPROOF(m, D[m], false): the old tree's last part, which its root does not tell.
        proof.append(range_hash(subtree, start, end))
    return proof[::-1]


# In the steps of the RFC, to be held against it.
def check_consistency(  # noqa: C901
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise BadProof unless the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size:
        raise BadProof(f"a tree of {size} leaves was never one of {old_size}")
    if old_size in (0, size):
        if proof:
            raise BadProof("nothing is to be proved, so the proof must be empty")
        if old_root != (root if old_size else EMPTY_ROOT):
            raise BadProof(f"the root of {old_size} leaves is another one")
        return
    hashes = list(proof)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)  # A perfect tree is a node of the new one.
    if not hashes:
        raise BadProof("the proof is empty")
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_hash = new_hash = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            old_hash = node_hash(sibling, old_hash)
            new_hash = node_hash(sibling, new_hash)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_hash = node_hash(new_hash, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise BadProof("the proof is too short")
    if old_hash != old_root:
        raise BadProof(f"the proof leads to another root of {old_size} leaves")
    if new_hash != root:
        raise BadProof(f"the proof leads to another root of {size} leaves")

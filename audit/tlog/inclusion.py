"""Proves that a leaf is in a tree, and checks such a proof (RFC 6962 section 2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import BadProof
from .hashes import node_hash
from .tree import Subtree, range_hash, split_point


def prove_inclusion(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """Return PATH(index, D[size]): from the leaf's sibling up to the root's child."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_point(end - start)
        if index < middle:
            path.append(range_hash(subtree, middle, end))
            end = middle
        else:
            path.append(range_hash(subtree, start, middle))
            start = middle
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise BadProof unless the path leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} leaves has no leaf {index}")
    node, last, hash_ = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise BadProof("the path is too long")
        if node & 1 or node == last:
            hash_ = node_hash(sibling, hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise BadProof("the path is too short")
    if hash_ != root:
        raise BadProof("the path leads to another root")

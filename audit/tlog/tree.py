"""Grows a Merkle tree by its frontier, and hashes ranges of it (RFC 6962 section 2.1).

A perfect subtree is named by its level and index: `(level, index)` spans the leaves
`[index · 2^level, (index + 1) · 2^level)`. Whoever has the hashes of the perfect subtrees has all
that roots and proofs are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .hashes import EMPTY_ROOT, node_hash

# Hash of the perfect subtree (level, index).
Subtree = Callable[[int, int], bytes]


class Frontier:
    """The perfect subtrees that a tree of one size is made of, largest first.

    It has one hash for each bit that is set in the size, so 64 at most.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect subtrees")

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf: what it completes is hashed, smallest first."""
        hash_, rest = leaf, self.size
        while rest & 1:
            hash_ = node_hash(self.hashes.pop(), hash_)
            rest >>= 1
        self.hashes.append(hash_)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree's root hash, MTH(D[n])."""
        return fold(self.hashes)


def fold(hashes: list[bytes]) -> bytes:
    """Return the root over perfect subtrees, largest first: each is the left side of the rest."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def range_hash(subtree: Subtree, start: int, end: int) -> bytes:
    """Return MTH(D[start:end]); start: a multiple of the power of two at or above the length.

    So are the ranges that RFC 6962 divides a tree into.
    """
    return fold([subtree(level, index) for level, index in perfect_subtrees(start, end)])


def perfect_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the perfect subtrees that `[start, end)` is made of, largest first."""
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            yield level, start >> level
            start += 1 << level


def split_point(count: int) -> int:
    """Return k, the largest power of two smaller than a count of two or more."""
    return 1 << (count - 1).bit_length() - 1

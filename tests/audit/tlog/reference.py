"""What RFC 6962 section 2.1 defines, word by word and slowly, to hold the product against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256

SIZES = sorted({*range(1, 70), *(2**k + d for k in range(6, 10) for d in (-1, 0, 1)), 255, 600})


def leaves(count: int) -> list[bytes]:
    return [sha256(b"\x00" + str(i).encode()).digest() for i in range(count)]


def mth(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = _k(len(hashes))
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    k = _k(len(hashes))
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def proof(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    return _subproof(m, hashes, True)


def _subproof(m: int, hashes: Sequence[bytes], is_whole: bool) -> list[bytes]:
    n = len(hashes)
    if m == n:
        return [] if is_whole else [mth(hashes)]
    k = _k(n)
    if m <= k:
        return [*_subproof(m, hashes[:k], is_whole), mth(hashes[k:])]
    return [*_subproof(m - k, hashes[k:], False), mth(hashes[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def subtrees(hashes: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """Return the hash of each perfect subtree of a tree."""

    @cache
    def subtree(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        both = subtree(level - 1, 2 * index) + subtree(level - 1, 2 * index + 1)
        return sha256(b"\x01" + both).digest()

    return subtree

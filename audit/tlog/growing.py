"""Grows a tree, and tells the hashes of its tiles as leaves complete them (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .hashes import node_hash
from .tiles import TILE_HEIGHT
from .tree import Frontier


def grow(frontier: Frontier, leaves: Iterable[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Append leaf hashes, and yield (tile level, index, hash) of what the tiles above level 0 hold.

    Each is the root of `256^level` leaves, from leaf `index · 256^level` on; the frontier is that
    of all leaves once the last was taken.
    """
    hashes = frontier.hashes
    for hash_ in leaves:
        rest, height = frontier.size, 0
        while rest & 1:
            hash_ = node_hash(hashes.pop(), hash_)
            rest >>= 1
            height += 1
            if height % TILE_HEIGHT == 0:
                yield height // TILE_HEIGHT, rest, hash_
        hashes.append(hash_)
        frontier.size += 1

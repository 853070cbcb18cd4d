"""Names and divides the tiles of a log (c2sp.org/tlog-tiles).

A tile holds 256 hashes of one level, each the root of 256 of the level below. Rightmost ones are
partial, and hold 1 to 255.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .hashes import HASH_BYTES, node_hash

TILE_WIDTH = 256
TILE_HEIGHT = 8
_NUMBER = r"(?:x[0-9]{3}/)*[0-9]{3}"
# tile/0/x001/x234/067.p/8 and tile/entries/000
_PATH = re.compile(
    rf"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/({_NUMBER})(?:\.p/([1-9][0-9]{{0,2}}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """level: 0 to 63, or ENTRIES; index: of the tile in its level; width: 1 to 256 hashes"""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{level}/{index_path(self.index)}{partial}"


# Bundles of entries are named like tiles of level 0.
ENTRIES = -1


def index_path(index: int) -> str:
    """Return a tile's index as path elements: 1234067 is x001/x234/067."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *upper, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    return "/".join([*(f"x{element}" for element in upper), last])


def parse_tile_path(path: str) -> Tile | None:
    """Return the tile that a path names by the letter, or None."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level, number, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width) if width else TILE_WIDTH,
    )
    return tile if tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield all tiles of a tree of one size, level by level, the partial ones included."""
    level, count = 0, size
    while count:
        full, width = divmod(count, TILE_WIDTH)
        for index in range(full):
            yield Tile(level, index)
        if width:
            yield Tile(level, full, width)
        level, count = level + 1, full


def tile_root(hashes: list[bytes]) -> bytes:
    """Return the root over the 256 hashes of a full tile, or of a perfect subtree in it."""
    while len(hashes) > 1:
        hashes = list(map(node_hash, hashes[::2], hashes[1::2]))
    return hashes[0]


def split_tile(content: bytes) -> list[bytes]:
    """Return the hashes that a tile holds."""
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


class TileTree:
    """Reads the perfect subtrees of a tree of one size from its tiles.

    read: returns the bytes of a tile. Tiles are kept: one proof needs few of them, many times.
    """

    def __init__(self, size: int, read: Callable[[Tile], bytes]) -> None:
        self.size = size
        self._read = read
        self._kept: dict[Tile, list[bytes]] = {}

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash of a perfect subtree inside the tree."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        first = index << height
        tile_index, at = divmod(first, TILE_WIDTH)
        available = self.size >> (TILE_HEIGHT * tile_level)
        width = min(available - tile_index * TILE_WIDTH, TILE_WIDTH)
        if at + (1 << height) > width:
            raise ValueError(f"a tree of {self.size} leaves has no subtree {level}, {index}")
        tile = Tile(tile_level, tile_index, width)
        if tile not in self._kept:
            self._kept[tile] = split_tile(self._read(tile))
        return tile_root(self._kept[tile][at : at + (1 << height)])

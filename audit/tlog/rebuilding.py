"""Rebuilds the tree of an export from its tiles of level 0, and holds all others against them.

Upper tiles save work and prove nothing: a reader that trusts them can be shown a forged event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .archive import Archive, read_file
from .errors import Refused
from .hashes import HASH_BYTES, leaf_hash
from .leaves import LEAF_BYTES
from .tiles import ENTRIES, TILE_WIDTH, Tile, parse_tile_path, split_tile, tile_root, tiles_of
from .tree import Frontier, fold

_ENTRY_BYTES = 2 + LEAF_BYTES


class Rebuilding:
    """One walk over the leaves of a tree of one size.

    sizes: those whose roots are wanted, other than 0; roots: what they are, when the walk is over
    """

    def __init__(self, archive: Archive, size: int, sizes: frozenset[int]) -> None:
        self.roots: dict[int, bytes] = {}
        self._archive = archive
        self._size = size
        self._sizes = sorted(sizes)
        self._tops = Frontier()  # over the roots of full tiles
        self._uppers: list[list[bytes]] = []
        self._bundles = _check_paths(archive, size)

    def walk(self) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the first position and the leaf hashes of each tile of level 0. Raises Refused."""
        for tile in tiles_of(self._size):
            if tile.level > 0:
                break
            hashes = split_tile(self._tile(tile))
            self._check_bundle(tile, hashes)
            start = tile.index * TILE_WIDTH
            while self._sizes and self._sizes[0] < start + TILE_WIDTH:
                if self._sizes[0] > start + tile.width:
                    break
                self._note_root(self._sizes.pop(0), hashes, start)
            yield start, hashes
            if tile.width == TILE_WIDTH:
                root = tile_root(hashes)
                self._tops.append(root)
                self._carry(1, root)
                if self._sizes and self._sizes[0] == start + TILE_WIDTH:
                    self.roots[self._sizes.pop(0)] = self._tops.root()
        for level, rest in enumerate(self._uppers, 1):
            if rest:
                index = (self._size >> 8 * level) // TILE_WIDTH
                self._compare(Tile(level, index, len(rest)), rest)

    def _note_root(self, size: int, hashes: list[bytes], start: int) -> None:
        partial = Frontier()
        for hash_ in hashes[: size - start]:
            partial.append(hash_)
        self.roots[size] = fold([*self._tops.hashes, *partial.hashes])

    def _carry(self, level: int, root: bytes) -> None:
        """Take the root of a full tile up to the tile above, and further where that is full."""
        if len(self._uppers) < level:
            self._uppers.append([])
        above = self._uppers[level - 1]
        above.append(root)
        if len(above) == TILE_WIDTH:
            index = (self._tops.size >> 8 * (level - 1)) // TILE_WIDTH - 1
            self._compare(Tile(level, index), above)
            self._carry(level + 1, tile_root(above))
            above.clear()

    def _compare(self, tile: Tile, computed: list[bytes]) -> None:
        if self._tile(tile) != b"".join(computed):
            raise Refused("the tile is not what those below it give", part=tile.path)

    def _tile(self, tile: Tile) -> bytes:
        length = tile.width * HASH_BYTES
        content = read_file(self._archive, tile.path, most_bytes=length)
        if len(content) != length:
            raise Refused(f"the tile has {len(content)} bytes, not {length}", part=tile.path)
        return content

    def _check_bundle(self, tile: Tile, hashes: list[bytes]) -> None:
        path = self._bundles.get((tile.index, tile.width))
        if path is None:
            return
        content = read_file(self._archive, path, most_bytes=tile.width * _ENTRY_BYTES)
        if len(content) != tile.width * _ENTRY_BYTES:
            raise Refused("the bundle has not as many entries as its tile", part=path)
        for at, hash_ in enumerate(hashes):
            entry = content[at * _ENTRY_BYTES : (at + 1) * _ENTRY_BYTES]
            is_right = entry[:2] == LEAF_BYTES.to_bytes(2, "big") and leaf_hash(entry[2:]) == hash_
            if not is_right:
                raise Refused(
                    "the entry is not the leaf of the tile",
                    position=tile.index * TILE_WIDTH + at,
                    part=path,
                )


def _check_paths(archive: Archive, size: int) -> Mapping[tuple[int, int], str]:
    """Refuse what the tree has no tile for; return the bundles by index and width."""
    expected = frozenset(tiles_of(size))
    leaves = frozenset(tile for tile in expected if tile.level == 0)
    bundles: dict[tuple[int, int], str] = {}
    for name in archive.names:
        if not name.startswith("tile/"):
            continue
        tile = parse_tile_path(name)
        if tile is not None and tile.level == ENTRIES:
            if Tile(0, tile.index, tile.width) in leaves:
                bundles[tile.index, tile.width] = name
                continue
        elif tile in expected:
            continue
        raise Refused("a file that the tree has no tile for", part=name)
    return bundles

"""Holds the kept hashes of tiles against the hashes that they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from audit.errors import LogBroken
from audit.seal.tiles import read_tile, read_tile_hashes
from audit.tlog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, TileTree, tile_root
from audit.tlog.tree import range_hash


class TileHashes:
    """The hashes of tiles above level 0 of one log, as they are kept."""

    def __init__(
        self, cursor: psycopg.Cursor[Any], environment: int, epoch: int, tree_size: int
    ) -> None:
        self._cursor = cursor
        self._log = (environment, epoch)
        self._tree_size = tree_size

    def hash_over(self, index: int, *, level: int = 1) -> bytes | None:
        """Return the kept root of the 256^level leaves at an index; None where not yet sealed."""
        if (index + 1) << (TILE_HEIGHT * level) > self._tree_size:
            return None
        return next(iter(self._hashes(level, range(index, index + 1))), b"")

    def is_over(self, index: int, leaves: Sequence[bytes]) -> bool:
        """Are these the leaves that were sealed from position `256 · index` on?

        Fewer than 256, at the end of the log, are held against the newest checkpoint, as far as it
        goes. What nothing was sealed over yet is right.
        """
        if len(leaves) == TILE_WIDTH:
            kept = self.hash_over(index)
            return kept is None or tile_root(list(leaves)) == kept
        newest = self._newest_checkpoint()
        if newest is None or newest[0] <= index * TILE_WIDTH:
            return True
        size, root = newest
        width = size - index * TILE_WIDTH
        environment, epoch = self._log

        def read(tile: Tile) -> bytes:
            if tile.level == 0 and tile.index == index:
                return b"".join(leaves[:width])
            return read_tile(self._cursor, environment, tile, epoch=epoch)

        if width > len(leaves):
            return False
        try:
            return range_hash(TileTree(size, read).subtree, 0, size) == root
        except LogBroken:
            return True  # told where that tile is verified

    def _newest_checkpoint(self) -> tuple[int, bytes] | None:
        self._cursor.execute(
            "SELECT size, root FROM audit_checkpoint WHERE environment = %s AND epoch = %s"
            " ORDER BY size DESC LIMIT 1",
            [*self._log],
            binary=True,
        )
        return self._cursor.fetchone()

    def wrong_above(self, start: int, end: int) -> Iterator[str]:
        """Yield what is wrong with the hashes of level 2 and up over the positions."""
        level = 2
        while end >> (TILE_HEIGHT * level):
            height = TILE_HEIGHT * level
            for index in range(start >> height, end >> height):
                below = range(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)
                children = self._hashes(level - 1, below)
                kept = self.hash_over(index, level=level)
                if len(children) != TILE_WIDTH or tile_root(children) != kept:
                    yield (
                        f"tile {level}/{index // TILE_WIDTH} has another hash at"
                        f" {index % TILE_WIDTH} than that of its 256 hashes of level {level - 1}"
                    )
            level += 1

    def _hashes(self, level: int, indexes: range) -> list[bytes]:
        environment, epoch = self._log
        return read_tile_hashes(self._cursor, environment, level, indexes, epoch=epoch)

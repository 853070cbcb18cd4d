"""Reads the tiles of a log: level 0 from the receipts, the others as they are kept."""

from __future__ import annotations

from typing import Any

import psycopg

from audit.errors import LogBroken
from audit.log.statements import statement
from audit.tlog.hashes import HASH_BYTES
from audit.tlog.tiles import TILE_WIDTH, Tile, TileTree

from .arrays import elements_of


def read_tile(cursor: psycopg.Cursor[Any], environment: int, tile: Tile, *, epoch: int) -> bytes:
    """Return the bytes of a tile that the log has. Raises LogBroken where a hash is missing."""
    start = tile.index * TILE_WIDTH
    if tile.level == 0:
        hashes = read_leaf_hashes(cursor, environment, start, start + tile.width)
    else:
        indexes = range(start, start + tile.width)
        hashes = read_tile_hashes(cursor, environment, tile.level, indexes, epoch=epoch)
    content = b"".join(hashes)
    if len(content) != tile.width * HASH_BYTES:
        raise LogBroken(f"{tile.path} of environment {environment} lacks a hash.")
    return content


def read_tile_hashes(
    cursor: psycopg.Cursor[Any], environment: int, level: int, indexes: range, *, epoch: int
) -> list[bytes]:
    """Return the kept hashes of a level, 1 or above, at these indexes, those that are there."""
    cursor.execute(
        "SELECT hash FROM audit_tilehash WHERE environment = %s AND epoch = %s AND level = %s"
        ' AND "index" >= %s AND "index" < %s ORDER BY "index"',
        [environment, epoch, level, indexes.start, indexes.stop],
        binary=True,
    )
    return [row[0] for row in cursor]


def read_leaf_hashes(
    cursor: psycopg.Cursor[Any], environment: int, start: int, end: int
) -> list[bytes]:
    """Return the leaf hashes at the positions `[start, end)`, as far as they are given."""
    cursor.execute(
        statement("seal", "read_leaf_hashes"),
        [start, end, environment, end, environment, start],
        binary=True,
    )
    return [hash_ for (array,) in cursor for hash_ in elements_of(array)]


def read_tree(cursor: psycopg.Cursor[Any], environment: int, size: int, *, epoch: int) -> TileTree:
    """Return the tree of one size, whose tiles are read as proofs want them."""
    return TileTree(size, lambda tile: read_tile(cursor, environment, tile, epoch=epoch))

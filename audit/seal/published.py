"""Reads what a log has published: its newest checkpoint, and what that makes provable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from audit.tlog.checkpoints import Checkpoint, parse_checkpoint
from audit.tlog.inclusion import prove_inclusion
from audit.tlog.notes import Note
from audit.tlog.proof_text import Proof
from audit.tlog.tiles import ENTRIES, TILE_HEIGHT, TILE_WIDTH, Tile, TileTree

from .bundles import read_leaves
from .tiles import read_tile, read_tree

_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest signed checkpoint of an environment's log."""

    environment: int
    epoch: int
    note: Note
    checkpoint: Checkpoint

    def has_tile(self, tile: Tile) -> bool:
        """Is every hash of the tile under the checkpoint?"""
        level = 0 if tile.level == ENTRIES else tile.level
        available = self.checkpoint.size >> (TILE_HEIGHT * level)
        return tile.index * TILE_WIDTH + tile.width <= available


def read_published(cursor: psycopg.Cursor[Any], environment: int) -> Published | None:
    """Return the newest checkpoint of a log, or None where nothing was signed yet."""
    cursor.execute(
        "SELECT c.epoch, c.note FROM audit_checkpoint c WHERE c.environment = %s"
        " ORDER BY c.epoch DESC, c.size DESC LIMIT 1",
        [environment],
    )
    row = cursor.fetchone()
    if row is None:
        return None
    note, checkpoint = parse_checkpoint(row[1].encode())
    return Published(environment=environment, epoch=row[0], note=note, checkpoint=checkpoint)


def read_resource(cursor: psycopg.Cursor[Any], published: Published, tile: Tile) -> bytes | None:
    """Return the bytes of a tile or a bundle of entries that the checkpoint covers; None where
    that is not so, or an entry of the bundle is past retention. Raises LogBroken.
    """
    if not published.has_tile(tile):
        return None
    if tile.level != ENTRIES:
        return read_tile(cursor, published.environment, tile, epoch=published.epoch)
    start = tile.index * TILE_WIDTH
    leaves = read_leaves(cursor, published.environment, start, start + tile.width)
    present = [leaf for leaf in leaves if leaf is not None]
    if len(present) != tile.width:
        return None
    return b"".join(len(leaf).to_bytes(_LENGTH_BYTES, "big") + leaf for leaf in present)


def prove_event(cursor: psycopg.Cursor[Any], published: Published, position: int) -> Proof | None:
    """Return the proof that the event at a position is under the checkpoint, or None where it came
    after. Raises LogBroken.
    """
    size = published.checkpoint.size
    if position >= size:
        return None
    tree = read_tree(cursor, published.environment, size, epoch=published.epoch)
    return prove_leaf(tree, published, position)


def prove_leaf(tree: TileTree, published: Published, position: int) -> Proof:
    """Return the proof of a position below the checkpoint's size. tree: of that size"""
    path = prove_inclusion(tree.subtree, position, tree.size)
    return Proof(position, tuple(path), published.note)

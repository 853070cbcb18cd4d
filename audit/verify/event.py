"""Verifies one event, step by step from its texts to the signature over its log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from audit.errors import LogBroken
from audit.log.statements import statement
from audit.seal.origin import read_origin
from audit.seal.published import prove_event, read_published
from audit.seal.tiles import read_leaf_hashes
from audit.seal.verifier_keys import keys_of_log
from audit.tlog.errors import BadNote, BadProof
from audit.tlog.inclusion import check_inclusion
from audit.tlog.notes import signers
from audit.tlog.tiles import TILE_WIDTH

from .rows import StoredEvent, read_events
from .tiles import TileHashes

STEPS = ("leaf", "receipt", "tile", "proof", "signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStep:
    """step: one of STEPS; ok: None where there is nothing to verify yet; found: a sentence"""

    step: str
    ok: bool | None
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    receipt_id: bytes | None
    receipt_leaf: bytes | None
    position: int | None
    epoch: int
    tree_size: int


def verify_event(
    cursor: psycopg.Cursor[Any], environment: int, event_id: UUID
) -> Sequence[EventStep]:
    """Return what each of STEPS found for an event that is there.

    environment: its number. Raises LookupError where the event is not in it.
    """
    stored = read_events(cursor, environment, [event_id.bytes]).get(event_id.bytes)
    if stored is None:
        raise LookupError(f"There is no event {event_id} in environment {environment}.")
    place = _place(cursor, environment, stored)
    return [
        _leaf(stored),
        _receipt(stored, place),
        _tile(cursor, environment, stored, place),
        *_signed(cursor, environment, stored, place),
    ]


def _leaf(stored: StoredEvent) -> EventStep:
    columns = stored.wrong_columns()
    if columns:
        told = ", ".join(columns)
        return _wrong("leaf", f"The columns {told} do not say what the event's texts do.")
    return _right("leaf", f"Its texts and salts make the leaf hash {stored.leaf.hex()}.")


def _receipt(stored: StoredEvent, place: _Place) -> EventStep:
    if place.receipt_leaf is None:
        return _wrong("receipt", "The receipt that it says to be of does not hold its place.")
    if place.receipt_id != stored.id:
        return _wrong("receipt", "The receipt holds another event in its place.")
    if place.receipt_leaf != stored.leaf:
        part = stored.changed_part(place.receipt_leaf)
        return _wrong(
            "receipt",
            f"The receipt holds the leaf hash {place.receipt_leaf.hex()}: the {part} is not what"
            " was committed to, or the receipt was changed.",
        )
    return _right("receipt", f"The receipt {stored.submission} holds this leaf hash.")


def _tile(
    cursor: psycopg.Cursor[Any], environment: int, stored: StoredEvent, place: _Place
) -> EventStep:
    if place.position is None or place.position >= place.tree_size:
        return _open("tile", "It is not sealed yet.")
    index = place.position // TILE_WIDTH
    start = index * TILE_WIDTH
    leaves = read_leaf_hashes(cursor, environment, start, min(start + TILE_WIDTH, place.tree_size))
    at = place.position - start
    leaves[at : at + 1] = [stored.leaf]
    tiles = TileHashes(cursor, environment, place.epoch, place.tree_size)
    if not tiles.is_over(index, leaves):
        return _wrong("tile", f"The tree was sealed over other hashes from position {start} on.")
    return _right("tile", f"The tree has it at position {place.position}.")


def _signed(
    cursor: psycopg.Cursor[Any], environment: int, stored: StoredEvent, place: _Place
) -> Iterator[EventStep]:
    """Yield the steps of the proof and of the signature, from the newest checkpoint."""
    try:
        published = read_published(cursor, environment)
    except BadNote as error:
        yield _wrong("proof", f"The newest checkpoint can't be read: {error}.")
        yield _wrong("signature", f"The newest checkpoint can't be read: {error}.")
        return
    if published is None or place.position is None or place.position >= published.checkpoint.size:
        yield _open("proof", "No checkpoint is signed over it yet.")
        yield _open("signature", "No checkpoint is signed over it yet.")
        return
    checkpoint = published.checkpoint
    try:
        proof = prove_event(cursor, published, place.position)
        assert proof is not None  # the position is below the size
        check_inclusion(stored.leaf, place.position, checkpoint.size, proof.path, checkpoint.root)
    except (BadProof, LogBroken) as error:
        yield _wrong("proof", f"Its proof does not lead to the checkpoint's root: {error}.")
    else:
        yield _right(
            "proof",
            f"A proof of {len(proof.path)} hashes leads from its leaf hash to the root"
            f" {checkpoint.root.hex()} of {checkpoint.size} events.",
        )
    origin = read_origin(cursor, environment, epoch=published.epoch)
    keys = keys_of_log(cursor, origin)
    try:
        signed_by = signers(published.note, keys) if checkpoint.origin == origin else ()
    except BadNote as error:
        yield _wrong("signature", f"The checkpoint's signature is wrong: {error}.")
        return
    if not signed_by:
        yield _wrong("signature", f"No key of the log {origin} has signed the checkpoint.")
        return
    yield _right("signature", f"The checkpoint is signed by {', '.join(map(str, signed_by))}.")


def _place(cursor: psycopg.Cursor[Any], environment: int, stored: StoredEvent) -> _Place:
    cursor.execute(
        statement("verify", "find_in_receipt"),
        [stored.ordinal, stored.submission, environment],
        binary=True,
    )
    row = cursor.fetchone()
    assert row is not None  # joined to a row without a table
    return _Place(
        receipt_id=row[0], receipt_leaf=row[1], position=row[2], epoch=row[3], tree_size=row[4]
    )


def _right(step: str, found: str) -> EventStep:
    return EventStep(step=step, ok=True, found=found)


def _wrong(step: str, found: str) -> EventStep:
    return EventStep(step=step, ok=False, found=found)


def _open(step: str, found: str) -> EventStep:
    return EventStep(step=step, ok=None, found=found)

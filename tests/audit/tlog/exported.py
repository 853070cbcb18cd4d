"""An export made by hand after docs/evidence.md, by nothing that the product makes exports with."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.checkpoints import Checkpoint
from audit.tlog.cosignatures import cosign
from audit.tlog.inclusion import prove_inclusion
from audit.tlog.notes import COSIGNATURE, Note, make_key, sign_note
from audit.tlog.proof_text import Proof
from audit.tlog.tiles import ENTRIES, Tile, tiles_of

from . import reference

INSTALLATION = "0b0c58c9-7f0e-4c7b-9a1d-3f6a2c9a1c11"
ORIGIN = f"{INSTALLATION}/prod"
PARTS = ("head", "personal", "details")
SEEN_AT = 1_790_000_000


def private_key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


LOG = private_key(1)
WITNESS = private_key(2)
LOG_KEY = make_key(ORIGIN, LOG.public_key().public_bytes_raw())
WITNESS_KEY = make_key("w.example", WITNESS.public_key().public_bytes_raw(), type=COSIGNATURE)


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Log:
    """A log of so many events. erased: positions whose personal part is gone; retired: positions
    whose events are past retention
    """

    def __init__(
        self,
        size: int,
        *,
        origin: str = ORIGIN,
        seed: int = 1,
        erased: Iterable[int] = (),
        retired: Iterable[int] = (),
    ) -> None:
        random = Random(seed)
        self.origin, self.size = origin, size
        self.entries: list[bytes] = []
        self.lines: list[dict[str, Any]] = []
        erased, retired = frozenset(erased), frozenset(retired)
        for position in range(size):
            id_ = UUID(int=random.getrandbits(128))
            parts, commitments = {}, b""
            for part in PARTS:
                salt, body = random.randbytes(16), f'{{"{part}":"Zoë\u2028{position}"}}'
                hashed = f"audit/v1/{part}\n".encode() + salt + body.encode()
                commitments += hashlib.sha256(hashed).digest()
                is_erased = part == "personal" and position in erased
                parts[part] = None if is_erased else {"salt": b64(salt), "body": body}
            entry = b"\x01" + id_.bytes + commitments
            self.entries.append(entry)
            line: dict[str, Any] = {"pos": position, "entry": b64(entry), "id": str(id_)}
            line["parts"] = parts
            if position in retired:
                del line["entry"]
                line |= {"parts": None, "leaf": b64(hashlib.sha256(b"\0" + entry).digest())}
            self.lines.append(line)
        self.leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in self.entries]

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = self.size if size is None else size
        return Checkpoint(self.origin, size, reference.mth(self.leaves[:size]))

    def note(self, size: int | None = None, *, key: Ed25519PrivateKey = LOG) -> Note:
        return sign_note(self.checkpoint(size).text, [(self.origin, key)])

    def tile(self, tile: Tile) -> bytes:
        subtree = reference.subtrees(self.leaves)
        start = tile.index * 256
        return b"".join(subtree(8 * tile.level, start + at) for at in range(tile.width))

    def bundle(self, tile: Tile) -> bytes:
        entries = self.entries[tile.index * 256 : tile.index * 256 + tile.width]
        return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def export(
    log: Log,
    directory: Path,
    *,
    first: int = 0,
    next_: int | None = None,
    positions: Iterable[int] | None = None,
    tiles: bool = True,
    bundles: bool = False,
    older: Iterable[int] = (),
    note: Note | None = None,
    witnessed_by: str = "",
) -> Path:
    """Write an export: of `[first, next)`, or of some positions in it with a proof each."""
    next_ = log.size if next_ is None else next_
    note = note or log.note()
    if witnessed_by:
        signature = cosign(note, witnessed_by, WITNESS, time_seconds=SEEN_AT)
        note = Note(note.text, (*note.signatures, signature))
    files: dict[str, bytes] = {"checkpoint": str(note).encode(), "README.md": b"How to verify.\n"}
    chosen = list(range(first, next_)) if positions is None else list(positions)
    files["entries.ndjson"] = b"".join(
        json.dumps(log.lines[position], ensure_ascii=False).encode() + b"\n" for position in chosen
    )
    if positions is not None:
        subtree = reference.subtrees(log.leaves)
        for position in chosen:
            path = prove_inclusion(subtree, position, log.size)
            proof = str(Proof(position, tuple(path), note))
            files[f"proofs/{position}.tlog-proof"] = proof.encode()
    if tiles:
        for tile in tiles_of(log.size):
            files[tile.path] = log.tile(tile)
            if bundles and tile.level == 0:
                files[Tile(ENTRIES, tile.index, tile.width).path] = log.bundle(tile)
        for size in older:
            files[f"checkpoints/{size}"] = str(log.note(size)).encode()
    manifest: dict[str, Any] = {"format": "audit-export/1", "origin": log.origin}
    manifest |= {"first": first, "next": next_}
    if positions is not None:
        manifest["complete"] = False
    manifest["counts"] = {"events": len(chosen)}
    files["manifest.json"] = json.dumps(manifest).encode()
    for name, content in files.items():
        path_ = directory / name
        path_.parent.mkdir(parents=True, exist_ok=True)
        path_.write_bytes(content)
    return directory

"""Writes and reads the proof of one entry as a text of its own (c2sp.org/tlog-proof)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .base64_text import hash_from_base64, to_base64
from .checkpoints import Checkpoint, read_checkpoint
from .errors import BadProof
from .inclusion import check_inclusion
from .notes import Note, parse_note

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Proof:
    """index: of the entry; path: 32 bytes each, from the leaf's sibling up; note: a checkpoint"""

    index: int
    path: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        lines = [HEADER, f"index {self.index}", *map(to_base64, self.path)]
        return "\n".join(lines) + f"\n\n{self.note}"

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says, its signatures not checked. Raises BadNote."""
        return read_checkpoint(self.note)


def parse_proof(content: bytes) -> Proof:
    """Return the proof that a text holds, nothing of it checked. Raises BadProof, BadNote.

    Extra data is refused: a log of events has none.
    """
    head, is_divided, note = content.partition(b"\n\n")
    if not is_divided:
        raise BadProof("the proof has no checkpoint after an empty line")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise BadProof("the proof has a character that is not ASCII") from None
    if first != HEADER:
        raise BadProof(f"the proof does not begin with {HEADER}")
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if index is None:
        raise BadProof("the proof has no index in its second line")
    if len(lines) - 1 > MAX_PATH:
        raise BadProof(f"the proof has more than {MAX_PATH} hashes")
    try:
        path = tuple(map(hash_from_base64, lines[1:]))
    except ValueError as error:
        raise BadProof(f"the proof has a line that is no hash: {error}") from None
    return Proof(int(index[1]), path, parse_note(note))


def check_proof(proof: Proof, leaf: bytes) -> None:
    """Raise BadProof unless the path leads from the leaf's hash to the note's root.

    Who signed the note is for the caller to ask.
    """
    checkpoint = proof.checkpoint
    check_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)

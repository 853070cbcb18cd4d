"""Writes and reads checkpoints: a log's size and root (c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .base64_text import hash_from_base64, to_base64
from .errors import BadNote
from .hashes import EMPTY_ROOT
from .notes import Note, parse_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """origin: names the log; size: of the tree, in leaves; root: 32 bytes"""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note: three lines, and no extension."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def read_checkpoint(note: Note) -> Checkpoint:
    """Return what the text of a note says. Raises BadNote; extension lines are refused, too."""
    lines = note.text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadNote("a checkpoint has three lines: origin, size and root")
    origin, size, root = lines[:3]
    if not origin:
        raise BadNote("the checkpoint has no origin")
    if not _SIZE.fullmatch(size):
        raise BadNote(f"the checkpoint's size {size[:32]!r} is no number")
    try:
        checkpoint = Checkpoint(origin, int(size), hash_from_base64(root))
    except ValueError as error:
        raise BadNote(f"the checkpoint's root is none: {error}") from None
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise BadNote("the root of an empty tree is SHA-256 of nothing")
    return checkpoint


def parse_checkpoint(content: bytes) -> tuple[Note, Checkpoint]:
    """Return a note and the checkpoint in it, no signature checked. Raises BadNote."""
    note = parse_note(content)
    return note, read_checkpoint(note)

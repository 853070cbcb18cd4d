"""Checks a whole export (docs/evidence.md): signatures, tree, entries, proofs.

Nothing that the export says of itself is believed: its manifest is held against the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .archive import Archive, read_file
from .checkpoints import Checkpoint, parse_checkpoint
from .entries import ENTRIES_FILE, Entry, read_entries
from .errors import BadNote, BadProof, Refused, Unusable
from .hashes import EMPTY_ROOT
from .leaves import PARTS
from .notes import MAX_NOTE_BYTES, Note, VerifierKey
from .proof_text import check_proof, parse_proof
from .rebuilding import Rebuilding
from .strict_json import read_json
from .trust import Seen, Trust

FORMAT = "audit-export/1"
MANIFEST, CHECKPOINT = "manifest.json", "checkpoint"
MAX_MANIFEST_BYTES = 64 * 2**20
_PROOFS, _CHECKPOINTS = "proofs/", "checkpoints/"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was proved of an export.

    first, next: positions `[first, next)`; events: lines; missing: how often each part was not
    there; notes: older checkpoints that the tree goes on from
    """

    checkpoint: Checkpoint
    is_complete: bool
    first: int
    next: int
    events: int
    missing: dict[str, int]
    notes: int
    keys: tuple[VerifierKey, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    origin: str
    first: int
    next: int
    is_complete: bool
    files: dict[str, str]


def check_export(
    archive: Archive, trust: Trust, *, progress: Progress = lambda events: None
) -> Verified:
    """Return what the export proves. Raises Refused, and Unusable where it is no export.

    progress: called with the number of events checked so far
    """
    manifest = _read_manifest(archive)
    checkpoint, keys, seen = _read_checkpoint(archive, trust)
    if checkpoint.origin != manifest.origin:
        raise Refused(f"the checkpoint is of the log {checkpoint.origin!r}", part=CHECKPOINT)
    if manifest.next > checkpoint.size:
        raise Refused(f"positions beyond the tree's {checkpoint.size} leaves", part=MANIFEST)
    older = _older_checkpoints(archive, trust, checkpoint)
    _check_files(archive, manifest)
    counted = _Counted(progress)
    has_tiles = any(name.startswith("tile/") for name in archive.names)
    if manifest.is_complete:
        if any(name.startswith(_PROOFS) for name in archive.names):
            raise Refused("a complete export has no proofs", part=_PROOFS)
        entries = counted.all(_gapless(archive, manifest))
        _check_tree(archive, checkpoint, entries, older)
    else:
        _check_proof_names(archive)
        entries = counted.all(_proved(archive, manifest, trust, checkpoint))
        if has_tiles:
            _check_tree(archive, checkpoint, entries, older)
        elif older:
            raise Refused("older checkpoints can't be checked without tiles", part=_CHECKPOINTS)
        for _ in entries:
            pass
        if counted.events != sum(name.startswith(_PROOFS) for name in archive.names):
            raise Refused("proofs without a line", part=_PROOFS)
    return Verified(
        checkpoint=checkpoint,
        is_complete=manifest.is_complete,
        first=manifest.first,
        next=manifest.next,
        events=counted.events,
        missing=counted.missing,
        notes=len(older),
        keys=keys,
        seen=seen,
    )


class _Counted:
    """Counts the entries that pass."""

    def __init__(self, progress: Progress) -> None:
        self.events = 0
        self.missing = dict.fromkeys(PARTS, 0)
        self._progress = progress

    def all(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.events += 1
            for part in entry.missing:
                self.missing[part] += 1
            self._progress(self.events)
            yield entry


def _read_manifest(archive: Archive) -> _Manifest:
    if MANIFEST not in archive.names:
        raise Unusable(f"there is no {MANIFEST}: this is no export")
    try:
        value = read_json(read_file(archive, MANIFEST, most_bytes=MAX_MANIFEST_BYTES))
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Unusable(f"{MANIFEST} can't be read: {error}") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Unusable(f"{MANIFEST} is not of the format {FORMAT!r}")
    origin, is_complete = value.get("origin"), value.get("complete", True)
    first, next_ = _count(value.get("first")), _count(value.get("next"))
    if not isinstance(origin, str) or not isinstance(is_complete, bool):
        raise Refused("origin is no text, or complete is no boolean", part=MANIFEST)
    if first is None or next_ is None or first > next_:
        raise Refused("first and next are no range of positions", part=MANIFEST)
    return _Manifest(
        origin=origin, first=first, next=next_, is_complete=is_complete, files=_hashes(value)
    )


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None


def _hashes(manifest: dict[str, Any]) -> dict[str, str]:
    files = manifest.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(v, str) for v in files.values()):
        raise Refused("files is no map of names to SHA-256", part=MANIFEST)
    return files


def _check_files(archive: Archive, manifest: _Manifest) -> None:
    for name, said in manifest.files.items():
        if name not in archive.names:
            raise Refused("the file is missing", part=name)
        with archive.open(name) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        if found != said:
            raise Refused(f"the file's SHA-256 is not what {MANIFEST} says", part=name)


def _read_checkpoint(
    archive: Archive, trust: Trust
) -> tuple[Checkpoint, tuple[VerifierKey, ...], tuple[Seen, ...]]:
    note, checkpoint = _parsed(archive, CHECKPOINT)
    keys = trust.log_keys(note, part=CHECKPOINT)
    seen = trust.witnessed(note, part=CHECKPOINT)
    organisations = {s.witness.organisation.casefold() for s in seen if s.is_foreign}
    if len(organisations) < trust.quorum:
        raise Refused(
            f"witnessed by {len(organisations)} organisations other than the log's, and"
            f" {trust.quorum} are asked for",
            part=CHECKPOINT,
        )
    return checkpoint, keys, seen


def _parsed(archive: Archive, name: str) -> tuple[Note, Checkpoint]:
    try:
        return parse_checkpoint(read_file(archive, name, most_bytes=MAX_NOTE_BYTES))
    except BadNote as error:
        raise Refused(str(error), part=name) from None


def _older_checkpoints(archive: Archive, trust: Trust, newest: Checkpoint) -> dict[str, Checkpoint]:
    """Return the checkpoints beside the newest one by file, their signatures checked."""
    older = {}
    for name in sorted(n for n in archive.names if n.startswith(_CHECKPOINTS)):
        note, checkpoint = _parsed(archive, name)
        trust.log_keys(note, part=name)
        trust.witnessed(note, part=name)
        if checkpoint.origin != newest.origin:
            raise Refused(f"the checkpoint is of the log {checkpoint.origin!r}", part=name)
        if checkpoint.size > newest.size:
            raise Refused("the checkpoint is of a larger tree than the newest one", part=name)
        older[name] = checkpoint
    return older


def _gapless(archive: Archive, manifest: _Manifest) -> Iterator[Entry]:
    """The entries of a complete range: each position from first to next, once."""
    expected = manifest.first
    for entry in read_entries(archive):
        if entry.position != expected or expected >= manifest.next:
            wanted = str(expected) if expected < manifest.next else "no more lines"
            raise Refused(f"{wanted} should stand here", position=entry.position, part=ENTRIES_FILE)
        expected += 1
        yield entry
    if expected != manifest.next:
        raise Refused("the event is missing", position=expected, part=ENTRIES_FILE)


def _proved(
    archive: Archive, manifest: _Manifest, trust: Trust, checkpoint: Checkpoint
) -> Iterator[Entry]:
    """The entries of a filtered export, each by its own proof."""
    last = manifest.first - 1
    known: set[str] = set()
    for entry in read_entries(archive):
        if not last < entry.position < manifest.next:
            raise Refused(
                "the position does not rise, or lies outside the range",
                position=entry.position,
                part=ENTRIES_FILE,
            )
        last = entry.position
        _check_one_proof(archive, entry, trust, checkpoint, known)
        yield entry


def _check_one_proof(
    archive: Archive, entry: Entry, trust: Trust, checkpoint: Checkpoint, known: set[str]
) -> None:
    name = f"{_PROOFS}{entry.position}.tlog-proof"
    try:
        proof = parse_proof(read_file(archive, name, most_bytes=MAX_NOTE_BYTES))
        if proof.index != entry.position:
            raise BadProof(f"the proof is of position {proof.index}")
        if proof.note.text != checkpoint.text:
            raise BadProof("the proof is against another checkpoint")
        if str(proof.note) not in known:
            trust.log_keys(proof.note, part=name)
            trust.witnessed(proof.note, part=name)
            known.add(str(proof.note))
        check_proof(proof, entry.leaf)
    except (BadProof, BadNote) as error:
        raise Refused(str(error), position=entry.position, part=name) from None


def _check_proof_names(archive: Archive) -> None:
    for name in archive.names:
        if name.startswith(_PROOFS):
            digits = name.removeprefix(_PROOFS).removesuffix(".tlog-proof")
            is_number = digits.isascii() and digits.isdigit() and str(int(digits)) == digits
            if not is_number or name != f"{_PROOFS}{digits}.tlog-proof":
                raise Refused("the file is no proof's", part=name)


def _check_tree(
    archive: Archive,
    checkpoint: Checkpoint,
    entries: Iterator[Entry],
    older: dict[str, Checkpoint],
) -> None:
    """Rebuild the tree, and find each entry and each older checkpoint in it."""
    sizes = frozenset(c.size for c in [checkpoint, *older.values()] if c.size)
    tree = Rebuilding(archive, checkpoint.size, sizes)
    entry = next(entries, None)
    for start, hashes in tree.walk():
        while entry is not None and entry.position < start + len(hashes):
            if hashes[entry.position - start] != entry.leaf:
                raise Refused("the event is not the leaf of the tree", position=entry.position)
            entry = next(entries, None)
    roots = {0: EMPTY_ROOT, **tree.roots}
    for name, each in {CHECKPOINT: checkpoint, **older}.items():
        if roots[each.size] != each.root:
            raise Refused(f"the tiles give another root of {each.size} leaves", part=name)

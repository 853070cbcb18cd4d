"""Writes the directory of an export, a piece at a time, so that one that was ended can be gone on.

It is made under another name, and gets its own once it is whole. `state.json` in it tells what was
begun and how far `entries.ndjson` is good.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import psycopg

from audit.query.search.conditions import Condition
from audit.seal.published import Published, prove_leaf
from audit.seal.tiles import read_tile, read_tree
from audit.tlog.checking import FORMAT
from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.tiles import tiles_of

from .entries import read_lines
from .readme import make_readme

STEP = 5_000
ENTRIES, STATE, MANIFEST = "entries.ndjson", "state.json", "manifest.json"
# Called with how many positions were done since, and how many events are in so far.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be exported: the positions `[first, next)` of one log.

    is_to_end: next is only where the log ends now; what was begun keeps the end that it began with
    matching: of a filtered export, with filter_, what was asked for, as people read it
    """

    key: str
    first: int
    next: int
    is_to_end: bool = False
    matching: Condition | None = None
    filter_: str | None = None


class _State(msgspec.Struct):
    """note: the checkpoint; position: where to go on; bytes, events, missing: of what is there"""

    key: str
    first: int
    next: int
    filter_: str | None
    note: str
    position: int
    bytes: int = 0
    events: int = 0
    missing: dict[str, int] = msgspec.field(default_factory=dict)


def write_directory(
    cursor: psycopg.Cursor[Any],
    published: Published,
    wanted: Wanted,
    path: Path,
    *,
    progress: Progress = lambda positions, events: None,
) -> int:
    """Write an export as a directory; returns how many events are in it.

    What an earlier attempt at the same left is gone on with, under the checkpoint that it began
    with. progress: called at least for each tile and each STEP positions. Raises LogBroken,
    OSError, and what progress raises; nothing is under the final name then.
    """
    draft = path.with_name(path.name + ".part")
    draft.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = _resumed(draft, wanted)
    if state is None:
        _clear(draft)
        state = _begun(published, wanted)
        _write(draft / STATE, msgspec.json.encode(state))
    wanted = replace(wanted, next=state.next)
    note, checkpoint = parse_checkpoint(state.note.encode())
    under = Published(
        environment=published.environment, epoch=published.epoch, note=note, checkpoint=checkpoint
    )
    progress(state.position - wanted.first, state.events)
    _write(draft / "checkpoint", state.note.encode())
    if wanted.matching is None:
        _write_tiles(cursor, under, draft, lambda: progress(0, state.events))
        _write_older(cursor, under, draft)
    _write_entries(cursor, under, wanted, draft, state, progress)
    readme = make_readme(
        checkpoint=checkpoint,
        first=wanted.first,
        next_=wanted.next,
        count=state.events,
        missing=state.missing,
        filter_=wanted.filter_,
    )
    _write(draft / "README.md", readme.encode())
    _write(draft / MANIFEST, _manifest(draft, wanted, state, checkpoint.origin))
    (draft / STATE).unlink()
    os.replace(draft, path)
    return state.events


def _begun(published: Published, wanted: Wanted) -> _State:
    return _State(
        key=wanted.key,
        first=wanted.first,
        next=wanted.next,
        filter_=wanted.filter_,
        note=str(published.note),
        position=wanted.first,
    )


def _clear(draft: Path) -> None:
    """Delete what an attempt under another checkpoint left: its partial tiles are none of this."""
    for name in ("tile", "checkpoints", "proofs"):
        shutil.rmtree(draft / name, ignore_errors=True)
    for name in ("checkpoint", ENTRIES, STATE, MANIFEST):
        (draft / name).unlink(missing_ok=True)


def _resumed(draft: Path, wanted: Wanted) -> _State | None:
    """Return how far an attempt at the same export got, or None to begin anew."""
    try:
        state = msgspec.json.decode((draft / STATE).read_bytes(), type=_State)
    except (OSError, msgspec.DecodeError):
        return None
    is_same = (state.key, state.first, state.filter_) == (wanted.key, wanted.first, wanted.filter_)
    return state if is_same and (wanted.is_to_end or state.next == wanted.next) else None


def _write_tiles(
    cursor: psycopg.Cursor[Any], published: Published, draft: Path, tick: Callable[[], None]
) -> None:
    """Write the tiles of the whole tree; those that are there have not changed."""
    for tile in tiles_of(published.checkpoint.size):
        tick()
        path = draft / tile.path
        if not path.exists():
            content = read_tile(cursor, published.environment, tile, epoch=published.epoch)
            _write(path, content)


def _write_older(cursor: psycopg.Cursor[Any], published: Published, draft: Path) -> None:
    """Write the first checkpoint of each day, so that the log is seen to have grown."""
    cursor.execute(
        "SELECT DISTINCT ON (c.signed_at::date) c.size, c.note FROM audit_checkpoint c"
        " WHERE c.environment = %s AND c.epoch = %s AND c.size < %s"
        " ORDER BY c.signed_at::date, c.size",
        [published.environment, published.epoch, published.checkpoint.size],
    )
    for size, note in cursor.fetchall():
        _write(draft / "checkpoints" / str(size), note.encode())


def _write_entries(
    cursor: psycopg.Cursor[Any],
    published: Published,
    wanted: Wanted,
    draft: Path,
    state: _State,
    progress: Progress,
) -> None:
    size = published.checkpoint.size
    with _opened(draft / ENTRIES, state.bytes) as file:
        while state.position < wanted.next:
            end = min(state.position + STEP, wanted.next)
            # Of the tiles that it has read a tree keeps all: one for each step, or it would grow.
            tree = read_tree(cursor, published.environment, size, epoch=published.epoch)
            lines = read_lines(
                cursor, published.environment, state.position, end, matching=wanted.matching
            )
            for line in lines:
                file.write(line.body)
                state.events += 1
                for part in line.missing:
                    state.missing[part] = state.missing.get(part, 0) + 1
                if wanted.matching is not None:
                    proof = prove_leaf(tree, published, line.position)
                    _write(draft / "proofs" / f"{line.position}.tlog-proof", str(proof).encode())
            done, state.position = end - state.position, end
            file.flush()
            os.fsync(file.fileno())
            state.bytes = file.tell()
            _write(draft / STATE, msgspec.json.encode(state))
            progress(done, state.events)


def _opened(path: Path, good_bytes: int) -> BinaryIO:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    file.truncate(good_bytes)
    file.seek(good_bytes)
    return file


def _manifest(draft: Path, wanted: Wanted, state: _State, origin: str) -> bytes:
    told: dict[str, Any] = {
        "format": FORMAT,
        "origin": origin,
        "first": wanted.first,
        "next": wanted.next,
    }
    if wanted.matching is not None:
        told |= {"complete": False, "filter": wanted.filter_}
    told["counts"] = {"events": state.events, "erased": _sorted(state.missing)}
    told["gaps"] = []
    told["files"] = dict(_hashes(draft))
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _hashes(draft: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of the files that are not proved by themselves."""
    for path in sorted(draft.rglob("*")):
        name = path.relative_to(draft).as_posix()
        if path.is_file() and not name.startswith(("tile/", "proofs/")) and name != STATE:
            with path.open("rb") as file:
                yield name, hashlib.file_digest(file, "sha256").hexdigest()


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    draft.write_bytes(content)
    draft.chmod(0o600)
    os.replace(draft, path)

"""Makes an export of evidence as a directory or as a tar, for the command and for jobs alike."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import psycopg

from audit.errors import NotSigned
from audit.log.registry import environment_number
from audit.seal.published import Published, read_published

from .archive import write_tar
from .directory import MANIFEST, Progress, Wanted, write_directory

TAR = ".tar"


def read_signed(cursor: psycopg.Cursor[Any], key: str) -> Published:
    """Return what an environment's log has published. Raises NotSigned, UnknownEnvironment."""
    published = read_published(cursor, environment_number(cursor, key))
    if published is None:
        raise NotSigned(f"Nothing of {key!r} is signed yet: /health/ready tells why.")
    return published


def make_directory(
    cursor: psycopg.Cursor[Any],
    published: Published,
    wanted: Wanted,
    path: Path,
    *,
    progress: Progress,
) -> int:
    """Make an export as a directory, from where the last attempt got to. As `write_directory`."""
    if not path.exists():
        return write_directory(cursor, published, wanted, path, progress=progress)
    events: int = json.loads((path / MANIFEST).read_bytes())["counts"]["events"]
    return events


def make_tar(
    cursor: psycopg.Cursor[Any],
    published: Published,
    wanted: Wanted,
    path: Path,
    *,
    top: str,
    progress: Progress,
) -> int:
    """Make an export as a tar, by way of a directory beside it, from where the last attempt got to.

    top: the directory that the tar holds. As `write_directory`.
    """
    directory = files_of(path)
    events = make_directory(cursor, published, wanted, directory, progress=progress)
    write_tar(directory, path, top=top, tick=lambda: progress(0, events))
    shutil.rmtree(directory)
    return events


def files_of(path: Path) -> Path:
    """Return the directory that a tar is made of."""
    return path.with_name(path.name + ".files")


def discard(path: Path) -> None:
    """Delete a tar, and what an attempt at it left."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".draft").unlink(missing_ok=True)
    for directory in (files_of(path), files_of(path).with_name(files_of(path).name + ".part")):
        shutil.rmtree(directory, ignore_errors=True)

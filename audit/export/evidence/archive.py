"""Puts a directory into one tar, whole under its name or not there."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from pathlib import Path


def write_tar(directory: Path, path: Path, *, top: str, tick: Callable[[], None]) -> None:
    """Write the files of a directory into a tar, in the order of their names, each below `top`;
    owners and times are left out. tick: called before each file
    """
    draft = path.with_name(path.name + ".draft")
    with tarfile.open(draft, "w", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(directory.rglob("*")):
            if file.is_file():
                tick()
                name = f"{top}/{file.relative_to(directory).as_posix()}"
                tar.add(file, name, filter=_anonymous)
    draft.chmod(0o600)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(draft, path)


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = 0
    info.mode = 0o644
    return info

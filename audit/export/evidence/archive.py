"""Puts a directory into one tar, whole under its name or not there."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path


def write_tar(directory: Path, path: Path) -> None:
    """Write the files of a directory into a tar, in the order of their names, under the name of
    the tar without its ending; owners and times are left out.
    """
    draft = path.with_name(path.name + ".draft")
    top = path.name.removesuffix(".tar")
    with tarfile.open(draft, "w", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(directory.rglob("*")):
            if file.is_file():
                name = f"{top}/{file.relative_to(directory).as_posix()}"
                tar.add(file, name, filter=_anonymous)
    draft.chmod(0o600)
    os.replace(draft, path)


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = 0
    info.mode = 0o644
    return info

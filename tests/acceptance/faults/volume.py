"""A small volume of its own for the data directory, so that its disk can be full."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

MEGABYTES = 768
_CHUNK = 2**20


@cache
def why_not() -> str:
    """Say why no volume can be mounted here; empty where it can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "only root may mount a small tmpfs"
    with tempfile.TemporaryDirectory() as directory:
        done = _mount(Path(directory), megabytes=1)
        if done.returncode:
            return f"no tmpfs can be mounted: {done.stderr.strip()}"
        _unmount(Path(directory))
    return ""


@contextmanager
def mounted(directory: Path) -> Iterator[None]:
    """Have a tmpfs of MEGABYTES where the directory is."""
    directory.mkdir(parents=True)
    done = _mount(directory, megabytes=MEGABYTES)
    assert done.returncode == 0, done.stderr
    try:
        yield
    finally:
        _unmount(directory)


@contextmanager
def filled(directory: Path) -> Iterator[None]:
    """Leave no byte of the volume free for a while."""
    path = directory / "ballast"
    try:
        with path.open("wb", buffering=0) as file:
            for size in (_CHUNK, 4096):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue
        yield
    finally:
        path.unlink(missing_ok=True)


def _mount(directory: Path, *, megabytes: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", directory],
        capture_output=True,
        text=True,
        check=False,
    )


def _unmount(directory: Path) -> None:
    subprocess.run(["umount", "--lazy", directory], check=True)

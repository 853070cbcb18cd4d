"""Which keys does an installation need besides its database, and where do their copies lie?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import CannotStart
from ..private_file import write_private
from ..variables import Configuration

SIGNING_KEY = "signing_key.pem"
SECRET_KEY = "secret_key"  # noqa: S105 (a file's name)


def key_paths(given: Configuration) -> Mapping[str, Path]:
    """Return name → where the key lies: what signs the logs, and what signs sessions and cursors
    (unless it is given by a variable).
    """
    signing = given.AUDIT_SIGNING_KEY_FILE
    paths = {SIGNING_KEY: Path(signing) if signing else given.DATA_DIR / SIGNING_KEY}
    if not given.SECRET_KEY:
        paths[SECRET_KEY] = given.DATA_DIR / SECRET_KEY
    return paths


def copy_keys(given: Configuration, target: Path) -> list[Path]:
    """Copy what keys there are into a directory of their own; return the copies."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    copies = []
    for name, path in key_paths(given).items():
        if path.exists():
            write_private(target / name, path.read_text())
            copies.append(target / name)
    return copies


def check_keys(given: Configuration, source: Path) -> None:
    """Raises CannotStart where no key can be read there, or another one lies in the way."""
    found = [name for name, _, _ in _pairs(given, source)]
    if not found:
        raise CannotStart(f"{source} has no key: neither {SIGNING_KEY} nor {SECRET_KEY}.")
    for name, copy, path in _pairs(given, source):
        if name == SIGNING_KEY and path.exists() and path.read_bytes() != copy.read_bytes():
            raise CannotStart(
                f"{path} is another key than {copy}: move it away first, and keep it if a log was"
                " signed with it."
            )


def restore_keys(given: Configuration, source: Path) -> list[Path]:
    """Put the copies where the installation looks for its keys; return these paths."""
    restored = []
    for _, copy, path in _pairs(given, source):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, copy.read_text())
        if os.geteuid() == 0:
            os.chown(path, *_owner(path.parent))
        restored.append(path)
    return restored


def _pairs(given: Configuration, source: Path) -> Iterator[tuple[str, Path, Path]]:
    for name, path in key_paths(given).items():
        if (source / name).exists():
            yield name, source / name, path


def _owner(directory: Path) -> tuple[int, int]:
    status = directory.stat()
    return status.st_uid, status.st_gid

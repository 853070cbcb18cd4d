"""Places the embedded PostgreSQL's data and socket where its user can reach them."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import tempfile
from pathlib import Path

from ..errors import CannotStart
from .binaries import SHARED_DIR
from .system_user import SystemUser


def _digest(data_dir: Path) -> str:
    return hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]


def socket_directory(data_dir: Path, user: SystemUser | None) -> Path:
    """A short path (a socket's may have 107 bytes) that is ours alone."""
    path = Path(tempfile.gettempdir()) / f"sightline-{_digest(data_dir)}"
    owner = user.uid if user else os.geteuid()
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (owner, os.geteuid()):
        raise CannotStart(f"{path} belongs to somebody else; remove it, or set another TMPDIR.")
    path.chmod(0o700)
    if user is not None:
        os.chown(path, user.uid, user.gid)
    return path


def data_directory(data_dir: Path, user: SystemUser | None) -> Path:
    """Where the data lie: in DATA_DIR, or where its user can reach them, with a link."""
    own = data_dir / "postgres"
    if own.is_symlink():
        real = own.resolve()
        if not real.parent.exists():
            raise CannotStart(f"{own} leads to {real}, which is gone; put the database back there.")
        return real
    if user is None:
        own.mkdir(mode=0o700, exist_ok=True)
        return own
    if own.exists() and any(own.iterdir()):
        if not _reaches(own, user):
            raise CannotStart(
                f"PostgreSQL runs as the user {user.name!r}, who can't use {own}: let that user "
                f"pass through the directories above, and own it (`chown -R {user.name} {own}`)."
            )
        return own
    own.mkdir(mode=0o700, exist_ok=True)
    os.chown(own, user.uid, user.gid)
    if _reaches(own, user):
        return own
    own.rmdir()
    elsewhere = SHARED_DIR / _digest(data_dir)
    elsewhere.mkdir(mode=0o755, parents=True, exist_ok=True)
    SHARED_DIR.chmod(0o755)
    real = elsewhere / "postgres"
    real.mkdir(mode=0o700, exist_ok=True)
    os.chown(real, user.uid, user.gid)
    own.symlink_to(real)
    return real


def _reaches(path: Path, user: SystemUser) -> bool:
    done = subprocess.run(  # noqa: S603 (the path is an argument, no part of the command)
        ["/bin/sh", "-c", 'test -w "$0" && test -x "$0"', path],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        check=False,
        cwd="/",
    )
    return done.returncode == 0

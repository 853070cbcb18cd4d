"""Chooses the system user that PostgreSQL runs as, never root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass

FALLBACK = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    """An ordinary user of this machine."""

    name: str
    uid: int
    gid: int


def postgres_user(name: str) -> SystemUser | None:
    """Return the user to run as when we are root (made if missing), else None: run as we are."""
    if os.geteuid() != 0:
        return None
    for attempt in (name, FALLBACK):
        try:
            entry = pwd.getpwnam(attempt)
        except KeyError:
            _make(attempt)
            try:
                entry = pwd.getpwnam(attempt)
            except KeyError:
                continue
        return SystemUser(name=attempt, uid=entry.pw_uid, gid=entry.pw_gid)
    raise LookupError(f"no user {name!r}, and none could be made")


def _make(name: str) -> None:
    shell = "/usr/sbin/nologin"
    try:
        subprocess.run(  # noqa: S603 (the name is ours)
            ["useradd", "--system", "--no-create-home", "--shell", shell, name],  # noqa: S607 (where it lies differs by system)
            check=False,
            capture_output=True,
        )
    except OSError:
        return  # No useradd here: the fallback it is.

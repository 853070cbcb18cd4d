"""Chooses the newer rules of time zones: the system's or the pinned ones.

Python asks the system first and takes the pinned package (`tzdata`) only where a zone is missing:
on an old system, pages are an hour off in each zone whose rules have changed since.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

# "# version 2025b": the first line of tzdata.zi
_VERSION = re.compile(r"#\s*version\s+([0-9]{4})([a-z]{1,2})\b")
Version = tuple[str, int, str]


def use_newest_zone_rules() -> None:
    """Make every ZoneInfo from now on use the newer rules.

    The system's are taken where they say that they are newer or the same; where they don't say
    which they are, the pinned ones.
    """
    system = version_of_first(zoneinfo.TZPATH)
    pinned = version_of_first([str(files("tzdata") / "zoneinfo")])
    if pinned is not None and (system is None or system < pinned):
        zoneinfo.reset_tzpath(to=())
        zoneinfo.ZoneInfo.clear_cache()


def version_of_first(directories: Iterable[str]) -> Version | None:
    """Return the version of the first directory that holds zones, None where it doesn't say."""
    for directory in map(Path, directories):
        if directory.is_dir() and any(directory.iterdir()):
            try:
                with (directory / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
                    return version_of(file.readline(100))
            except OSError:
                return None
    return None


def version_of(line: str) -> Version | None:
    """Return what sorts as versions follow one another: 2025z, 2025aa, 2026a."""
    match = _VERSION.match(line)
    return (match[1], len(match[2]), match[2]) if match else None

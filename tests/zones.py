"""Rules of time zones that are other than those of the day."""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

ZONES = cast(Path, files("tzdata") / "zoneinfo")


def write_rules(directory: Path, *, version: str | None, **zones: str) -> Path:
    """Make a directory as systems have it. zones: Winnipeg="Etc/GMT+6", of America."""
    (directory / "America").mkdir(parents=True)
    for name, rules in zones.items():
        shutil.copy(ZONES / rules, directory / "America" / name)
    if version is not None:
        text = f"# version {version}\n# This zic input file is in the public domain.\n"
        (directory / "tzdata.zi").write_text(text)
    return directory


@contextmanager
def going_by(*directories: Path) -> Iterator[Any]:
    """Let zones go by these directories (and the pinned package), as `PYTHONTZPATH` would."""
    before = zoneinfo.TZPATH
    try:
        zoneinfo.reset_tzpath(to=[str(directory) for directory in directories])
        zoneinfo.ZoneInfo.clear_cache()
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()

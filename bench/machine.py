"""Which machine and which versions were measured, and when?"""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def about(postgres: str) -> str:
    """Return it in a sentence. postgres: the server's version."""
    return (
        f"{_machine()}, PostgreSQL {postgres}, Python {platform.python_version()}, Django"
        f" {version('django')}, psycopg {version('psycopg')}, {datetime.now(UTC):%Y-%m-%d}"
    )


def _machine() -> str:
    model = "a processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB of memory"

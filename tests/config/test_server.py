"""How does a web process hold its memory?"""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from config.variables import BASE_DIR

MIB = 2**20
# What large submissions do: a large block teaches glibc to keep such on the heap, and what comes
# after the others there keeps them from being given back.
SCRIPT = """
import sys
from pathlib import Path
from config.server import tune_malloc

def resident():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) * 1024

if sys.argv[1] == "tuned":
    tune_malloc()
before = resident()
large = bytearray(30 << 20)
del large
blocks = [bytearray(200_000) for _ in range(300)]
last = bytearray(200_000)
del blocks
print(resident() - before)
"""


def kept_bytes(how: str) -> int:
    """Return what a process keeps of 60 MB that it has freed."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's malloc alone is tuned")
class TestTuneMalloc:
    def test_gives_back_what_is_freed(self) -> None:
        assert kept_bytes("tuned") < 4 * MIB

    def test_is_needed(self) -> None:
        assert kept_bytes("untuned") > 40 * MIB

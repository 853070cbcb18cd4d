"""The bench runs from end to end: tiny, and without a judgement on time."""

from __future__ import annotations

import os
import subprocess
import sys

from .installation import ROOT


class TestSmoke:
    def test_every_figure_is_measured(self) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
        done = subprocess.run(
            [sys.executable, "-m", "bench", "--smoke"],
            cwd=ROOT,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        for work in (
            "batch 1,000",
            "batch 100",
            "batch 1,",
            "sent again",
            "page 1,000",
            "12 months",
        ):
            assert work in done.stdout

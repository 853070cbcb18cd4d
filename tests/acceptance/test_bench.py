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
            "batch 1,000, next to COPY",
            "batch 100",
            "batch 1,",
            "sent again",
            "with the worker at work",
            "worst of all combinations of filters, SQL",
            "worst of the combinations, JSON by HTTP",
            "growth of the worst",
            "page 1,000",
            "an address never seen",
            "a word never used",
            "12 months by type, with all three",
            "12 months by type, with a user",
            "events page, HTML",
            "home, HTML",
            "promotions, HTML",
            "export as NDJSON",
            "first byte",
            "bytes an event",
            "growth of a web process after",
            "beside 4 readers",
            "beside recording",
            "planning over 60 leaves",
            "planning over 400 leaves",
            "after a restart",
        ):
            assert work in done.stdout

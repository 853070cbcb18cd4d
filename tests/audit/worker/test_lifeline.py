"""A child ends with the process that started it, however that went."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.installation import ROOT, is_running

SECONDS = 20.0
# Each starts a child, says its pid, and waits to be killed.
STARTS = {
    "any": "import subprocess; from audit.worker.lifeline import ends_with_parent\n"
    "child = subprocess.Popen(['sleep', '60'], preexec_fn=ends_with_parent())",
    # Started as the worker starts it: by the same file, with the name of the command.
    "make_exports": "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
    "import django; django.setup()\n"
    "from audit.worker.child import start\n"
    "child = start('make_exports')",
}


class TestDiesWithMe:
    @pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
    def test_a_child_goes_with_a_parent_that_was_killed(self, tmp_path: Path, start: str) -> None:
        script = tmp_path / "parent.py"
        script.write_text(
            "import sys, time\nif len(sys.argv) > 1:\n    time.sleep(60)\n"
            f"{start}\nprint(child.pid, flush=True)\ntime.sleep(60)\n"
        )
        parent = subprocess.Popen(
            [sys.executable, script],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert parent.stdout is not None
        with parent.stdout as said:
            child = int(said.readline())
        assert is_running(child)
        parent.kill()
        parent.wait()
        give_up = time.monotonic() + SECONDS
        while is_running(child) and time.monotonic() < give_up:
            time.sleep(0.02)
        try:
            assert not is_running(child)
        finally:
            if is_running(child):
                os.kill(child, signal.SIGKILL)

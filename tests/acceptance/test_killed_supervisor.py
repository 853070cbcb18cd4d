"""A supervisor that is killed leaves nobody behind, who would work without being watched."""

from __future__ import annotations

import os
import signal
import time

import pytest

from .installation import Installation, is_running

SECONDS = 30


class TestKilledSupervisor:
    def test_takes_all_of_its_children_along(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        one = Installation(tmp_path_factory.mktemp("killed"), {"DEMO": "off"})
        one.start()
        assert one.process is not None
        patterns = {"web": "config.server", "worker": " worker", "database": "postgres"}
        children = {name: one.children(pattern) for name, pattern in patterns.items()}
        assert all(children.values())
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait()
        pids = [pid for some in children.values() for pid in some]
        give_up = time.monotonic() + SECONDS
        while any(map(is_running, pids)) and time.monotonic() < give_up:
            time.sleep(0.05)
        one.remove()
        left = {name: [p for p in some if is_running(p)] for name, some in children.items()}
        assert left == {"web": [], "worker": [], "database": []}

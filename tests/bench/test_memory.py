"""What a process holds that is its alone."""

from __future__ import annotations

import os

from bench.memory import own_bytes

SIZE = 64 * 2**20


class TestOwnBytes:
    def test_grows_with_what_is_written_to(self) -> None:
        before = own_bytes([os.getpid()])
        held = bytearray(b"x" * SIZE)
        assert own_bytes([os.getpid()]) - before >= SIZE * 0.9
        del held

    def test_adds_processes_up(self) -> None:
        one = own_bytes([os.getpid()])
        assert own_bytes([os.getpid(), os.getpid()]) >= one * 1.5

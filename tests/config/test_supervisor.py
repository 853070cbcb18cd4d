"""A database that doesn't come back at once is tried again; the rest goes on meanwhile."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator

import pytest

from config.configuration import read_configuration
from config.errors import CannotStart
from config.supervisor import Supervisor


class Hesitant:
    """A cluster that fails to start `failures` times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def start(self) -> subprocess.Popen[bytes]:
        self.failures -= 1
        if self.failures >= 0:
            raise CannotStart("The disk is full.")
        return subprocess.Popen(["sleep", "60"])

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        server.kill()
        server.wait()


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    handled = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in handled}
    with socket.socket() as listening:
        yield Supervisor(read_configuration({}), listening)
    for number, handler in before.items():
        signal.signal(number, handler)


class TestSupervisor:
    def test_tries_again_until_the_database_is_back(
        self, supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gone = subprocess.Popen(["true"])
        gone.wait()
        supervisor._cluster, supervisor._postgres = Hesitant(failures=2), gone
        for _ in range(3):
            supervisor.check()
        assert supervisor._postgres is not gone
        supervisor.stop()
        said = capsys.readouterr().err
        assert said.count("The disk is full.\nTrying again.") == 2
        assert said.endswith("PostgreSQL is back.\n")

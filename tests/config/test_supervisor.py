"""A database that is away, or there and lets nobody in, is brought back; the rest goes on."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config import supervisor as watching
from config.configuration import read_configuration
from config.errors import CannotStart
from config.postgres.cluster import Cluster
from config.postgres.server_state import ServerState, state_of_error
from config.start import prepare_data_dir
from config.supervisor import Supervisor


class Hesitant:
    """A cluster that fails to start `failures` times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def start(self, is_unwanted: Callable[[], bool]) -> subprocess.Popen[bytes]:
        self.failures -= 1
        if self.failures >= 0:
            raise CannotStart("The disk is full.")
        return subprocess.Popen(["sleep", "60"])

    def ask(self) -> ServerState:
        return ServerState.SERVES

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


@pytest.fixture
def with_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Supervisor, Cluster]]:
    """A supervisor of little patience, and its own database with a table in it."""
    for name, seconds in (
        ("PROBE_SECONDS", 0.1),
        ("PATIENCE_SECONDS", 1),
        ("SILENT_STOP_SECONDS", 1),
    ):
        monkeypatch.setattr(watching, name, seconds)
    monkeypatch.setattr("config.postgres.cluster.QUIT_SECONDS", 1)
    # Not in pytest's own directory: the user that PostgreSQL runs as can't pass through it.
    with tempfile.TemporaryDirectory() as directory, socket.socket() as listening:
        Path(directory).chmod(0o755)
        one = Supervisor(read_configuration({"DATA_DIR": f"{directory}/data"}), listening)
        try:
            prepare_data_dir(one._given)
            one.start_postgres()
            assert one._cluster is not None
            with psycopg.connect(one._cluster.owner_conninfo()) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
            yield one, one._cluster
        finally:
            one.stop()


def watch_until(supervisor: Supervisor, is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < give_up
        supervisor.check()
        time.sleep(0.05)


@pytest.mark.usefixtures("supervisor")  # for its handlers of signals
class TestADatabaseThatLetsNobodyIn:
    def test_is_started_anew_where_it_does_not_answer(
        self, with_database: tuple[Supervisor, Cluster], capsys: pytest.CaptureFixture[str]
    ) -> None:
        supervisor, cluster = with_database
        stopped = supervisor._postgres
        assert stopped is not None
        stopped.send_signal(signal.SIGSTOP)
        watch_until(supervisor, lambda: supervisor._postgres is not stopped)
        said = capsys.readouterr().err
        assert "PostgreSQL does not answer; it is started anew unless" in said
        assert said.endswith(
            "PostgreSQL does not answer; ending it and starting it again.\nPostgreSQL is back.\n"
        )
        with psycopg.connect(cluster.owner_conninfo()) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)

    def test_is_started_anew_where_it_waits_for_somebody_to_leave(
        self, with_database: tuple[Supervisor, Cluster], capsys: pytest.CaptureFixture[str]
    ) -> None:
        supervisor, cluster = with_database
        ending = supervisor._postgres
        assert ending is not None
        with psycopg.connect(cluster.owner_conninfo()):
            ending.send_signal(signal.SIGTERM)  # a "smart shutdown" waits for all to leave
            watch_until(supervisor, lambda: supervisor._postgres is not ending)
        assert "is shutting down and lets nobody in; ending it" in capsys.readouterr().err

    def test_is_left_alone_where_it_answers_again(
        self, with_database: tuple[Supervisor, Cluster], capsys: pytest.CaptureFixture[str]
    ) -> None:
        supervisor, _ = with_database
        paused = supervisor._postgres
        assert paused is not None
        paused.send_signal(signal.SIGSTOP)
        said = ""

        def is_said(sentence: str) -> bool:
            nonlocal said
            said += capsys.readouterr().err
            return sentence in said

        watch_until(supervisor, lambda: is_said("does not answer"))
        paused.send_signal(signal.SIGCONT)
        watch_until(supervisor, lambda: is_said("PostgreSQL answers again."))
        assert supervisor._postgres is paused

    def test_is_given_the_time_that_a_crash_needs(self) -> None:
        words = "connection failed: FATAL:  the database system is %s"
        assert state_of_error(words % "starting up") is ServerState.STARTS
        assert state_of_error(words % "in recovery mode") is ServerState.STARTS
        assert state_of_error(words % "shutting down") is ServerState.ENDS
        assert state_of_error("FATAL:  sorry, too many clients already") is ServerState.REFUSES
        assert (
            state_of_error("connection to server failed: Connection refused") is ServerState.SILENT
        )
        assert not ServerState.STARTS.is_stuck
        assert not ServerState.REFUSES.is_stuck

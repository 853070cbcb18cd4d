"""A web process that ends, alone, loses nobody's request."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from .installation import Installation, is_running

SECONDS = 30


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of two web processes."""
    one = Installation(tmp_path_factory.mktemp("draining"), {"DEMO": "off", "WEB_PROCESSES": "2"})
    one.start()
    yield one
    one.stop()
    one.remove()


def web(installation: Installation) -> list[int]:
    return installation.children("config.server")


def drain(installation: Installation, pid: int) -> None:
    """Ask a web process to end, and wait until it has, and two serve again."""
    os.kill(pid, signal.SIGTERM)
    installation.wait(lambda: not is_running(pid) and len(web(installation)) == 2, SECONDS)


def connect(installation: Installation) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", installation.port, timeout=SECONDS)


class TestDraining:
    def test_an_open_connection_is_answered_then_closed(self, two: Installation) -> None:
        """Whoever of the two processes it is connected to ends."""
        connection = connect(two)
        connection.request("GET", "/health/live")
        assert connection.getresponse().read()
        for pid in web(two):
            os.kill(pid, signal.SIGTERM)
        time.sleep(0.5)  # the end is under way; it waits for those that are connected
        connection.request("GET", "/health/live")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert answer.read()
        connection.close()
        # One that is made meanwhile waits for the next process.
        connection = connect(two)
        connection.request("GET", "/health/live")
        assert connection.getresponse().status == 200
        connection.close()
        two.wait(lambda: len(web(two)) == 2, SECONDS)

    def test_no_request_of_many_is_lost(self, two: Installation) -> None:
        stop = threading.Event()
        answers: Counter[object] = Counter()

        def ask() -> None:
            connection = connect(two)
            while not stop.is_set():
                try:
                    connection.request("GET", "/login/")
                    answer = connection.getresponse()
                    answer.read()
                    answers[answer.status] += 1
                    if answer.headers["connection"] == "close":
                        connection.close()
                        connection = connect(two)
                except (OSError, http.client.HTTPException) as error:
                    answers[type(error).__name__] += 1
                    connection.close()
                    connection = connect(two)
            connection.close()

        askers = [threading.Thread(target=ask) for _ in range(6)]
        for asker in askers:
            asker.start()
        try:
            for _ in range(4):
                enough = answers[200] + 60
                two.wait(lambda enough=enough: answers[200] > enough, SECONDS)  # type: ignore[misc]
                drain(two, web(two)[0])
        finally:
            stop.set()
            for asker in askers:
                asker.join()
        assert set(answers) == {200}, answers

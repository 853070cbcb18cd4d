"""Readers that don't read what they asked for keep nobody else waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from .installation import Installation, post

REFUSED = 800
TEXT = "x" * 18_000


@pytest.fixture(scope="module")
def little_token(installation: Installation) -> str:
    """Of a reader who sees one environment and may do nothing else."""
    return installation.manage("read_token", "create", "--user", "staging-auditor")


@pytest.fixture(scope="module")
def _refused(installation: Installation) -> None:
    """More refused text than fits in the buffers of a connection."""
    key = installation.manage("ingest_key", "create", "--environment", "staging", "--name", "bad")
    events = [{"type": "LARGE", "unknown": TEXT} for _ in range(REFUSED)]
    with httpx.Client(timeout=60) as client:
        assert post(client, installation.address, key, events).status_code == 422


@pytest.fixture
def unread(installation: Installation) -> Iterator[list[socket.socket]]:
    """Connections, to be filled by a test, that are closed at its end."""
    made: list[socket.socket] = []
    yield made
    for connection in made:
        connection.close()


def ask(installation: Installation, path: str, *headers: str) -> socket.socket:
    """Ask for something, and read nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", installation.port))
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


class TestSlowReaders:
    @pytest.mark.usefixtures("_refused")
    def test_downloads_leave_threads_to_others(
        self, installation: Installation, little_token: str, unread: list[socket.socket]
    ) -> None:
        key = f"Authorization: Bearer {little_token}"
        unread += [ask(installation, "/api/v1/rejected/download", key) for _ in range(40)]
        self.everybody_is_served(installation)

    def everybody_is_served(self, installation: Installation) -> None:
        with httpx.Client(timeout=10) as client:
            for _ in range(20):
                assert client.get(f"{installation.address}/login/").status_code == 200

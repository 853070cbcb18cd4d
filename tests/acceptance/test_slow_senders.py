"""Senders that stop half-way don't keep others waiting, and are let go."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

import httpx
import pytest

from .installation import Installation, post

HALF_BODY = (
    b"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
HALF_HEAD = b"POST /api/v1/events HTTP/1.1\r\nHost: loc"


class TestSlowSenders:
    @pytest.mark.parametrize("has_body", [True, False], ids=["half a body", "half a head"])
    def test_two_hundred_of_them_dont_stop_the_others(
        self, installation: Installation, ingest_key: str, has_body: bool
    ) -> None:
        key = f"Authorization: Bearer {ingest_key}\r\n".encode()
        sent = HALF_BODY.replace(b"\r\n\r\n", b"\r\n" + key + b"\r\n") if has_body else HALF_HEAD
        slow = [socket.create_connection(("127.0.0.1", installation.port)) for _ in range(200)]
        try:
            for connection in slow:
                connection.sendall(sent)
            with httpx.Client(timeout=5) as client:
                for _ in range(20):
                    assert client.get(f"{installation.address}/health/live").status_code == 200
            limit = float(installation.variables["BODY_TIMEOUT_SECONDS"])
            slow[-1].settimeout(limit + 10)
            while slow[-1].recv(4096):
                pass  # what is said before the connection ends
        finally:
            for connection in slow:
                connection.close()

    @pytest.mark.parametrize("path", [b"events", b"lowcoder/events"])
    def test_one_without_a_key_is_told_so_before_its_body(
        self, installation: Installation, path: bytes
    ) -> None:
        with socket.create_connection(("127.0.0.1", installation.port), timeout=4) as connection:
            connection.sendall(HALF_BODY.replace(b"/events", b"/" + path))
            answer = b""
            while not answer.endswith(b"}") and (piece := connection.recv(65_536)):
                answer += piece
            assert b"401" in answer.split(b"\r\n")[0]
            assert b"urn:audit:problem:unauthenticated" in answer

    def test_uploads_without_a_key_leave_the_senders_room(
        self, installation: Installation, ingest_key: str
    ) -> None:
        """In front of the log-in page, which anybody may post to."""
        size = 8 * 2**20
        head = HALF_BODY.replace(b"/api/v1/events", b"/login/").replace(b"1000", b"%d" % size)
        slow = [
            socket.create_connection(("127.0.0.1", installation.port), timeout=10)
            for _ in range(24)
        ]
        try:
            for connection in slow:
                with suppress(OSError):  # refused in its midst
                    connection.sendall(head + b"x" * (size - 2))
            events = [{"type": "LARGE", "details": {"text": "x" * 200_000}} for _ in range(20)]
            for _ in range(4):
                with httpx.Client(timeout=20) as client:
                    answer = post(client, installation.address, ingest_key, events)
                    assert answer.status_code == 201, answer.text
        finally:
            for connection in slow:
                connection.close()

    def test_a_body_in_chunks_arrives_whole(
        self, installation: Installation, ingest_key: str
    ) -> None:
        def pieces() -> object:
            yield b'[{"type":"CHUNKED",'
            time.sleep(0.05)
            yield b'"id":"c1"}]'

        answer = httpx.post(
            f"{installation.address}/api/v1/events",
            content=pieces(),  # type: ignore[arg-type]
            headers={"Authorization": f"Bearer {ingest_key}", "Content-Type": "application/json"},
        )
        assert answer.status_code == 201

    def test_a_body_over_the_limit_is_refused_before_it_is_read(
        self, installation: Installation
    ) -> None:
        with socket.create_connection(("127.0.0.1", installation.port), timeout=5) as connection:
            connection.sendall(HALF_BODY.replace(b"1000", b"999999999"))
            assert b"413" in connection.recv(4096).split(b"\r\n")[0]

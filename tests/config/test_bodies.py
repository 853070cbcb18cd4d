"""Who may fill the memory with bodies, over real HTTP: the key first, then a share for each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import uvicorn

from config.asgi import Front
from config.draining import ShutdownState
from config.memory import (
    ANONYMOUS_DIVISOR,
    ANONYMOUS_IP_DIVISOR,
    KEY_DIVISOR,
    BodyMemory,
    MemoryOwner,
)
from config.server import protocol

MIB = 2**20
HELD_BYTES = 16 * MIB
BODY_BYTES = 2 * MIB
RECORDED = b"recorded"


class Keys:
    """A gate: `/events` needs a key, which is any token that begins with "good"."""

    is_limited = False

    def admit(self, headers: Mapping[str, str], *, ip_address: str | None) -> None: ...

    def charge(self, headers: Mapping[str, str], size: int) -> None: ...

    def memory_owner(
        self, headers: Mapping[str, str], *, method: str, path: str, ip_address: str | None
    ) -> MemoryOwner | None:
        token = headers.get("authorization", "")
        if token.startswith("good"):
            return MemoryOwner(name=token, is_anonymous=False)
        if path == "/events":
            return None
        return MemoryOwner(name=headers.get("x-address", "one"), is_anonymous=True)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    if environ["PATH_INFO"] == "/events" and "HTTP_AUTHORIZATION" not in environ:
        start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
        return iter([b"who are you?"])
    start_response("200 OK", [])
    return iter([RECORDED])


@pytest.fixture(scope="module")
def front() -> Front:
    return Front(
        application,
        threads=2,
        max_body_bytes=BODY_BYTES,
        timeout_seconds=20,
        max_held_bytes=HELD_BYTES,
        gate=Keys(),
    )


@pytest.fixture(scope="module")
def port(front: Front) -> Iterator[int]:
    """The port of a server around this application."""
    config = uvicorn.Config(
        front, http=protocol(20, ShutdownState()), lifespan="on", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(20)


class Sender:
    """One connection that POSTs `size` bytes, or begins to."""

    def __init__(self, port: int, path: str, size: int, *headers: str) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {size}", *headers]
        self.connection.sendall("\r\n".join([*lines, "", ""]).encode())

    def send(self, size: int) -> Sender:
        with suppress(OSError):  # refused meanwhile: what was said is there to be read
            self.connection.sendall(b"x" * size)
        return self

    def answer(self) -> bytes:
        """Return what is answered as far as the body of the answer."""
        got = b""
        while b"\r\n\r\n" not in got or not got.partition(b"\r\n\r\n")[2]:
            piece = self.connection.recv(65_536)
            if not piece:
                break
            got += piece
        return got

    def is_answered(self, seconds: float = 0.5) -> bool:
        self.connection.settimeout(seconds)
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK))
        except TimeoutError:
            return False


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


@pytest.fixture
def sender(port: int, front: Front) -> Iterator[Callable[..., Sender]]:
    """Makes connections; when they are closed, all memory is given back."""
    with ExitStack() as stack:

        def begin(path: str, size: int, *headers: str) -> Sender:
            one = Sender(port, path, size, *headers)
            stack.callback(one.connection.close)
            return one

        yield begin
    wait(lambda: front.memory.total_bytes == 0)


def wait(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.01)


class TestKeyFirst:
    def test_a_body_without_a_key_is_answered_before_it_has_come(
        self, sender: Callable[..., Sender]
    ) -> None:
        answer = sender("/events", BODY_BYTES).send(100).answer()
        assert status(answer) == 401
        assert b"who are you?" in answer
        assert b"connection: close" in answer

    def test_is_answered_before_the_sender_is_asked_for_it(
        self, sender: Callable[..., Sender]
    ) -> None:
        answer = sender("/events", BODY_BYTES, "Expect: 100-continue").answer()
        assert status(answer) == 401

    def test_one_with_a_key_is_asked_for_it(self, sender: Callable[..., Sender]) -> None:
        one = sender("/events", BODY_BYTES, "Expect: 100-continue", "Authorization: good")
        assert one.connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        answer = one.send(BODY_BYTES).answer()
        assert answer.endswith(RECORDED) or RECORDED in answer

    def test_a_sender_in_the_midst_of_a_large_body_can_read_why(
        self, sender: Callable[..., Sender]
    ) -> None:
        one = sender("/events", BODY_BYTES).send(BODY_BYTES)
        assert status(one.answer()) == 401

    def test_a_body_that_is_too_large_is_told_so(self, sender: Callable[..., Sender]) -> None:
        one = sender("/events", 3 * BODY_BYTES, "Authorization: good").send(BODY_BYTES)
        assert status(one.answer()) == 413


class TestShares:
    """Strangers' bodies stall; nobody else's are refused."""

    def stall(
        self, sender: Callable[..., Sender], count: int, path: str, *headers: str
    ) -> list[Sender]:
        """Leave bodies of one MiB one byte short, and return those that were not refused."""
        begun = [
            sender(path, MIB, *[h.format(n) for h in headers]).send(MIB - 1) for n in range(count)
        ]
        return [one for one in begun if not one.is_answered()]

    def test_stalled_uploads_of_one_address_leave_room_for_others(
        self, sender: Callable[..., Sender]
    ) -> None:
        stalled = self.stall(sender, 8, "/login")
        assert len(stalled) == HELD_BYTES // ANONYMOUS_IP_DIVISOR // MIB
        other = sender("/login", MIB, "X-Address: two").send(MIB)
        assert status(other.answer()) == 200

    def test_stalled_uploads_of_many_addresses_leave_the_senders_theirs(
        self, sender: Callable[..., Sender]
    ) -> None:
        stalled = self.stall(sender, 24, "/login", "X-Address: a{}")
        assert len(stalled) == HELD_BYTES // ANONYMOUS_DIVISOR // MIB
        for _ in range(3):
            recorded = sender("/events", BODY_BYTES, "Authorization: good").send(BODY_BYTES)
            assert status(recorded.answer()) == 200

    def test_stalled_uploads_with_one_key_leave_room_for_others(
        self, sender: Callable[..., Sender]
    ) -> None:
        stalled = self.stall(sender, 8, "/events", "Authorization: good one")
        assert len(stalled) == HELD_BYTES // KEY_DIVISOR // MIB
        refused = sender("/events", MIB, "Authorization: good one").send(MIB).answer()
        assert status(refused) == 429
        assert b"retry-after" in refused
        other = sender("/events", MIB, "Authorization: good two").send(MIB)
        assert status(other.answer()) == 200

    def test_room_is_given_back(self, front: Front, sender: Callable[..., Sender]) -> None:
        for one in self.stall(sender, 8, "/events", "Authorization: good one"):
            one.connection.close()
        wait(lambda: front.memory.total_bytes == 0)
        again = sender("/events", MIB, "Authorization: good one").send(MIB)
        assert status(again.answer()) == 200


class TestBodyMemory:
    def test_a_keys_share_holds_a_largest_body(self) -> None:
        memory = BodyMemory(100, max_body_bytes=100)
        memory.take(MemoryOwner(name="key:1", is_anonymous=False), 100)

    def test_a_stranger_is_told_what_would_never_find_room(self) -> None:
        memory = BodyMemory(1_600, max_body_bytes=300)
        assert memory.largest_body(MemoryOwner(name="key:1", is_anonymous=False)) == 300
        assert memory.largest_body(MemoryOwner(name="address:1", is_anonymous=True)) == 100

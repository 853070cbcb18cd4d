"""Who sends the requests? Threads with a raw socket each, so that the client costs little."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    body: bytes
    seconds: float


class Connection:
    """One keep-alive connection that speaks as much HTTP/1.1 as our own server needs."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *exc: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> Answer:
        began = perf_counter()
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, body = self._rest.partition(b"\r\n\r\n")
        pieces, size = [body], len(body)
        length = _length(head)
        while size < length:
            pieces.append(self._more())
            size += len(pieces[-1])
        whole = b"".join(pieces)
        self._rest = whole[length:]
        return Answer(status=int(head[9:12]), body=whole[:length], seconds=perf_counter() - began)

    def _more(self) -> bytes:
        piece = self._socket.recv(2**18)
        if not piece:
            raise ConnectionError("The server hung up.")
        return piece


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError(f"No Content-Length in {head!r}")


def post_request(path: str, body: bytes, token: str = "") -> bytes:
    """Return the bytes of a POST of JSON."""
    return _head("POST", path, token, f"Content-Length: {len(body)}\r\n") + body


def get_request(path: str, token: str = "", *, cookie: str = "") -> bytes:
    """Return the bytes of a GET, with a read token or a session's cookie."""
    return _head("GET", path, token, f"Cookie: {cookie}\r\n" if cookie else "")


def _head(method: str, path: str, token: str, more: str = "") -> bytes:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}"
        f"Content-Type: application/json\r\n{more}\r\n"
    ).encode()


def send_all(port: int, requests: Sequence[bytes], *, senders: int, status: int) -> float:
    """Send all by so many senders at once, and return the seconds that it took.

    Raises RuntimeError for an answer of another status.
    """
    if not requests:
        raise ValueError("nothing to send")

    def send(part: Sequence[bytes], connection: Connection) -> None:
        for request in part:
            answer = connection.send(request)
            if answer.status != status:
                raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:300]!r}")

    connections = [Connection(port) for _ in range(min(senders, len(requests)))]
    try:
        with ThreadPoolExecutor(len(connections)) as pool:
            parts = [requests[n :: len(connections)] for n in range(len(connections))]
            began = perf_counter()
            list(pool.map(send, parts, connections))
            return perf_counter() - began
    finally:
        for connection in connections:
            connection.__exit__()

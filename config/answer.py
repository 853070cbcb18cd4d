"""Passes an answer from a WSGI application to the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import (
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    MutableMapping,
    Sequence,
)
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]
Messages = Sequence[MutableMapping[str, Any]]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

DISCONNECT = "http.disconnect"
MAX_BUFFERED_BYTES = 2**20


class Recipient:
    """Sends an answer to its client. uvicorn takes pieces for a client that has disconnected, so
    from the second piece on a task waits for that; while a search waits for its turn, too.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._watch: asyncio.Task[str] | None = None

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a message, once there is room. Raises ConnectionError where the client has gone."""
        if message.get("more_body"):
            self.watch()
        if self._watch is not None and self._watch.done() and self._watch.result() == DISCONNECT:
            raise ConnectionError("The client has disconnected.")
        await self._send(message)

    def watch(self) -> asyncio.Task[str]:
        """Return the task that ends once the client has disconnected."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._until_gone())
        return self._watch

    def stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    async def _until_gone(self) -> str:
        return str((await self._receive())["type"])


def run_application(
    wsgi: WSGI, environ: dict[str, Any], send_now: Callable[[MutableMapping[str, Any]], None]
) -> list[MutableMapping[str, Any]]:
    """Call the WSGI application, send what it answers (PEP 3333), and return what is left to send.

    An answer of one piece, as nearly all are, is returned whole: sending from here would hand it
    to the event loop and wait, twice. So is one with a small Content-Length, as a static file has:
    then no slow reader holds the thread.
    """
    head: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        head.update(
            type="http.response.start",
            status=int(status[:3]),
            headers=[(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        )

    answer = wsgi(environ, start_response)
    try:
        pieces: Iterator[bytes] = iter(answer)
        piece = next(pieces, b"")
        if _is_short(head):
            return [head, body_message(piece + b"".join(pieces), more=False)]
        unsent: list[MutableMapping[str, Any]] = [head]
        for following in pieces:
            for message in (*unsent, body_message(piece, more=True)):
                send_now(message)
            unsent, piece = [], following
        return [*unsent, body_message(piece, more=False)]
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _is_short(head: dict[str, Any]) -> bool:
    size = next((v for k, v in head["headers"] if k == b"content-length"), b"")
    return size.isdigit() and int(size) <= MAX_BUFFERED_BYTES


def body_message(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}

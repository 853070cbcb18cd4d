"""Long answers through the front: no faster than they are read, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from config.asgi import Front

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [(b"host", b"localhost")],
}
PIECES = 1_000


class Endless:
    """A WSGI application with a long answer that tells how far it got."""

    def __init__(self) -> None:
        self.made = 0
        self.is_closed = False

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            for _ in range(PIECES):
                self.made += 1
                yield b"x"
        finally:
            self.is_closed = True


class Reader:
    """The other end of a connection; takes: how many messages it reads before it hangs up."""

    def __init__(self, takes: int) -> None:
        self.takes = takes
        self.has_gone = asyncio.Event()
        self.messages: list[MutableMapping[str, Any]] = []
        self.is_asked = False

    async def receive(self) -> MutableMapping[str, Any]:
        if not self.is_asked:
            self.is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.has_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """As uvicorn does: what nobody reads any more is taken without a word."""
        if len(self.messages) < self.takes:
            self.messages.append(message)
        if len(self.messages) == self.takes:
            self.has_gone.set()
            await asyncio.sleep(0)


def answer(takes: int) -> tuple[Endless, Reader]:
    application = Endless()

    async def run() -> Reader:
        reader = Reader(takes)
        front = Front(application, threads=1, max_body_bytes=1, timeout_seconds=5)
        await front(dict(SCOPE), reader.receive, reader.send)
        return reader

    return application, asyncio.run(run())


class TestLongAnswers:
    def test_come_whole(self) -> None:
        application, reader = answer(takes=10**9)
        assert application.made == PIECES
        assert b"".join(m.get("body", b"") for m in reader.messages) == b"x" * PIECES
        assert reader.messages[-1]["more_body"] is False

    def test_end_soon_after_the_reader_has_gone(self) -> None:
        application, _ = answer(takes=10)
        assert application.made < 20
        assert application.is_closed

    def test_are_made_no_faster_than_they_are_read(self) -> None:
        ahead: list[int] = []
        application = Endless()

        async def run() -> None:
            reader = Reader(10**9)

            async def send(message: MutableMapping[str, Any]) -> None:
                await reader.send(message)
                ahead.append(application.made - len(reader.messages))

            front = Front(application, threads=1, max_body_bytes=1, timeout_seconds=5)
            await front(dict(SCOPE), reader.receive, send)

        asyncio.run(run())
        assert max(ahead) <= 2

"""Searches wait for their turn on the event loop; whoever records has a thread meanwhile."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.query.turns import NO_TURN, READER
from config.asgi import Front
from config.search_turns import Bounds
from config.searches import Searches
from config.slots import Slots

SECONDS = 30
COOKIE = "session"
BOUNDS = Bounds(of_one=1, in_all=4, wait_seconds=SECONDS, lend_seconds=SECONDS)
DIRECTORY = tempfile.TemporaryDirectory(prefix="sightline-searches-")
SEARCH = "/api/v1/events?user=u1"


class Application:
    """A WSGI application whose searches go on until they may end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Event()
        self.fails = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        token = environ.get("HTTP_AUTHORIZATION", "")
        if token:
            environ[READER] = token.removeprefix("Bearer ").partition("-")[0]
        if environ.get(NO_TURN):
            start_response("503 Service Unavailable", [])
            return [b"busy"]
        if "user=" in environ["QUERY_STRING"]:
            self.begun.append(token.removeprefix("Bearer "))
            assert self.may_end.wait(SECONDS)
            if self.fails:
                raise RuntimeError("broken")
        start_response("200 OK", [])
        return [b"done"]


class Client:
    """One request and its answer."""

    def __init__(self, address: str, *, method: str = "GET", token: str = "") -> None:
        path, _, query = address.partition("?")
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "http_version": "1.1",
            "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {token}".encode())],
        }
        self.status = 0
        self.has_gone = asyncio.Event()
        self._is_asked = False

    async def receive(self) -> MutableMapping[str, Any]:
        if not self._is_asked:
            self._is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.has_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.status = message.get("status", self.status)


class Server:
    """A front with few threads around the application."""

    def __init__(self, **bounds: Any) -> None:
        self.application = Application()
        self._front = Front(
            self.application,
            threads=2,
            max_body_bytes=1_000,
            timeout_seconds=SECONDS,
            searches=Searches(
                replace(BOUNDS, **bounds),
                Slots(Path(tempfile.mkdtemp(dir=DIRECTORY.name)), count=1),
                session_cookie=COOKIE,
            ),
        )

    def ask(self, client: Client) -> asyncio.Task[None]:
        return asyncio.create_task(self._front(client.scope, client.receive, client.send))

    async def has_begun(self, count: int) -> None:
        while len(self.application.begun) < count:
            await asyncio.sleep(0.001)

    async def know(self, *tokens: str) -> None:
        """Have the application tell whose these are."""
        for token in tokens:
            await self.ask(Client("/api/v1/events", token=token))


def run(work: Callable[[], Any]) -> Any:
    async def within() -> Any:
        async with asyncio.timeout(SECONDS):
            return await work()

    return asyncio.run(within())


class TestSearches:
    def test_wait_while_others_are_served(self) -> None:
        async def work() -> None:
            server = Server()
            searches = [Client(SEARCH, token=f"ann-{n}") for n in range(20)]
            tasks = [server.ask(each) for each in searches]
            await server.has_begun(1)
            for quick in (
                Client("/api/v1/events", method="POST"),
                Client("/api/v1/events?page_size=50"),
                Client("/health/live?deep=1", method="HEAD"),
                Client("/nowhere"),
            ):
                await server.ask(quick)
                assert quick.status == 200
            assert len(server.application.begun) == 1
            server.application.may_end.set()
            await asyncio.gather(*tasks)
            assert {each.status for each in searches} == {200}

        run(work)

    def test_of_one_with_many_tokens_leave_turns_to_another(self) -> None:
        async def work() -> None:
            server = Server()
            tokens = [f"ann-{n}" for n in range(5)]
            await server.know(*tokens, "ben-0")
            tasks = [server.ask(Client(SEARCH, token=token)) for token in (*tokens, "ben-0")]
            await server.has_begun(1)
            server.application.may_end.set()
            await asyncio.gather(*tasks)
            assert "ben-0" in server.application.begun[:3]

        run(work)

    def test_are_told_when_their_turn_does_not_come(self) -> None:
        async def work() -> None:
            server = Server(wait_seconds=0.01)
            first, second = Client(SEARCH, token="ann"), Client(SEARCH, token="ben")
            task = server.ask(first)
            await server.has_begun(1)
            await server.ask(second)
            assert (first.status, second.status) == (0, 503)
            server.application.may_end.set()
            await task
            assert first.status == 200

        run(work)

    def test_whose_reader_has_gone_are_not_begun(self) -> None:
        async def work() -> None:
            server = Server()
            first, gone, third = (Client(SEARCH, token=name) for name in ("ann", "ben", "cleo"))
            tasks = [server.ask(first)]
            await server.has_begun(1)
            leaving = server.ask(gone)
            tasks.append(server.ask(third))
            gone.has_gone.set()
            await leaving
            server.application.may_end.set()
            await asyncio.gather(*tasks)
            assert server.application.begun == ["ann", "cleo"]

        run(work)

    @pytest.mark.parametrize("fails", [True, False])
    def test_give_their_turn_back_however_they_end(self, fails: bool) -> None:
        async def work() -> None:
            server = Server()
            server.application.fails = fails
            first = Client(SEARCH, token="ann")
            task = server.ask(first)
            await server.has_begun(1)
            first.has_gone.set()
            server.application.may_end.set()
            await asyncio.gather(task, return_exceptions=True)
            server.application.fails = False
            second = Client(SEARCH, token="ben")
            await server.ask(second)
            assert second.status == 200

        run(work)

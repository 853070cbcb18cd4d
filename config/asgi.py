"""Reads requests on the event loop, so that a slow sender holds no thread of Django.

The body is read here, on the event loop, with a limit and a deadline; then Django's own WSGI
application runs in a thread, and its answer is sent piece by piece. A WSGI server that hands
unread bodies to its threads stops dead when as many senders as it has threads send half a body.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from .answer import WSGI, Messages, Receive, Recipient, Send, run_application
from .body import Body, ClientDisconnected, MissingKey
from .contracts import Gate, Searches, Shortcut
from .early import answer_early, refusal_messages
from .head import (
    EarlyRefusal,
    Scope,
    body_too_large,
    check_declared_size,
    check_head,
    environ_of,
    expects_continue,
    headers_of,
)
from .memory import BodyMemory, MemoryOwner
from .turns import CallBatcher
from .variables import Configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SLOW_READER_SECONDS = 60
Result = TypeVar("Result")


class Front:
    """The ASGI application around a WSGI one.

    max_body_bytes, timeout_seconds: of one body; max_held_bytes: of all bodies being read, so
    that many slow large ones can't fill the memory; gate: where requests need admission;
    shortcut: where some requests don't need the application; searches: where some wait for a turn
    """

    def __init__(
        self,
        wsgi: WSGI,
        *,
        threads: int,
        max_body_bytes: int,
        timeout_seconds: float,
        max_held_bytes: int = 2**28,
        gate: Gate | None = None,
        shortcut: Shortcut | None = None,
        searches: Searches | None = None,
    ) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._timeout_seconds = timeout_seconds
        self._max_body_bytes = max_body_bytes
        self.memory = BodyMemory(max_held_bytes, max_body_bytes=max_body_bytes)
        self._gate = gate
        self._shortcut = shortcut
        self._searches = searches
        self._batcher = CallBatcher(shortcut.answer_small) if shortcut is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._threads.shutdown(wait=False, cancel_futures=True)
                if self._batcher is not None:
                    self._batcher.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = Body(receive, memory=self.memory, timeout_seconds=self._timeout_seconds)
        try:
            check_head(scope)
            check_declared_size(scope, self._max_body_bytes)
            await self._admit(scope)
            await self._read(scope, body)
            await self._charge(scope, body.size)
            await self._answer(scope, body.take_bytes(), receive, send)
        except MissingKey:
            environ = environ_of(scope, b"")
            answer = await self._ask_application(scope, environ, Recipient(receive, send))
            await answer_early(_refusing(answer), receive, send)
        except EarlyRefusal as refused:
            body.release()
            await answer_early(refusal_messages(refused), body.receive, send)
        except ClientDisconnected:
            pass
        finally:
            body.release()

    async def _admit(self, scope: Scope) -> None:
        if self._gate is not None and self._gate.is_limited:
            ip_address = (scope.get("client") or (None,))[0]
            await self._in_thread(
                partial(self._gate.admit, headers_of(scope), ip_address=ip_address)
            )

    async def _read(self, scope: Scope, body: Body) -> None:
        """Find whose memory it takes before it is read, but for what has arrived with the head."""
        if not expects_continue(scope):
            await body.read_piece()
        if not body.is_whole:
            with body.paused_deadline():
                memory_owner = await self._memory_owner(scope)
            await body.read_rest(memory_owner)
        if body.size > self._max_body_bytes:
            raise body_too_large(self._max_body_bytes)

    async def _memory_owner(self, scope: Scope) -> MemoryOwner:
        ip_address = (scope.get("client") or (None,))[0]
        if self._gate is None:
            return MemoryOwner(name=f"address:{ip_address}", is_anonymous=True)
        memory_owner = await self._in_thread(
            partial(
                self._gate.memory_owner,
                headers_of(scope),
                method=scope["method"],
                path=scope["path"],
                ip_address=ip_address,
            )
        )
        if memory_owner is None:
            raise MissingKey
        return memory_owner

    async def _charge(self, scope: Scope, size: int) -> None:
        if self._gate is not None and self._gate.is_limited and size:
            await self._in_thread(partial(self._gate.charge, headers_of(scope), size))

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _answer(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        recipient = Recipient(receive, send)
        try:
            answer = await self._cut_short(scope, body)
            if answer is None:
                answer = await self._ask_in_turn(scope, body, recipient)
            async with asyncio.timeout(SLOW_READER_SECONDS):
                for message in answer:
                    await send(message)
        except (TimeoutError, ConnectionError) as error:
            raise ClientDisconnected from error
        finally:
            recipient.stop_watching()

    async def _cut_short(self, scope: Scope, body: bytes) -> Messages | None:
        if self._shortcut is None or self._batcher is None:
            return None
        found = self._shortcut.find(scope, body)
        if found is None:
            return None
        if self._shortcut.is_small(found):
            return await self._batcher.ask(found)
        return await self._in_thread(partial(self._shortcut.answer, found))

    async def _ask_in_turn(self, scope: Scope, body: bytes, recipient: Recipient) -> Messages:
        environ = environ_of(scope, body)
        if self._searches is None:
            return await self._ask_application(scope, environ, recipient)
        turn = await self._searches.take_turn(scope, environ, recipient)
        try:
            return await self._ask_application(scope, environ, recipient)
        finally:
            if turn is not None:
                turn.give_back()
            self._searches.learn(scope, environ)

    async def _ask_application(
        self, scope: Scope, environ: dict[str, Any], recipient: Recipient
    ) -> Messages:
        loop = asyncio.get_running_loop()

        def send_now(message: MutableMapping[str, Any]) -> None:
            """From the thread: wait until the piece is taken, at most SLOW_READER_SECONDS."""
            asyncio.run_coroutine_threadsafe(recipient.send(message), loop).result(
                SLOW_READER_SECONDS
            )

        rest = await loop.run_in_executor(
            self._threads, run_application, self._wsgi, environ, send_now
        )
        if self._shortcut is not None:
            self._shortcut.learn(scope, rest)
        return rest


def _refusing(answer: Messages) -> Messages:
    """Return what the application answers to a request without its body, where it refuses it; else
    the key was resolved meanwhile, and the request is to be sent again.
    """
    if answer[0]["status"] in (401, 403) or answer[0]["status"] >= 500:
        return answer
    return refusal_messages(
        EarlyRefusal(503, "Who sends this could not be determined; send again.")
    )


def make_application() -> Front:
    """Return the front of this project's Django, as the settings say."""
    from .configuration import configuration
    from .wsgi import application

    given = configuration()
    return Front(
        application,
        threads=given.WEB_THREADS,
        max_body_bytes=given.MAX_BODY_BYTES,
        timeout_seconds=given.BODY_TIMEOUT_SECONDS,
        gate=_make_gate(),
        shortcut=_make_shortcut(),
        searches=_make_searches(given),
    )


def _make_gate() -> Gate:
    """Imported only when Django is set up."""
    from .gate import make_gate

    return make_gate()


def _make_shortcut() -> Shortcut | None:
    """Imported only when Django is set up."""
    from .shortcut import make_shortcut

    return make_shortcut()


def _make_searches(given: Configuration) -> Searches:
    """Imported only when Django is set up."""
    from .searches import make_searches

    return make_searches(given)

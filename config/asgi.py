"""How does a request reach Django without a slow sender holding a thread?

The body is read here, on the event loop, with a limit and a deadline; then Django's own WSGI
application runs in a thread, and its answer is sent piece by piece. A WSGI server that hands
unread bodies to its threads stops dead when as many senders as it has threads send half a body.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from .answer import GONE, WSGI, Messages, Reader, Receive, Send, run_application
from .head import Refused, Scope, check_head, environ_of, headers_of
from .turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SLOW_READER_SECONDS = 60
RETRY_SECONDS = 5
PROBLEM = "urn:audit:problem:"
REASONS = {
    400: ("bad-request", "The request can't be understood"),
    408: ("timeout", "The body didn't come in time"),
    413: ("too-large", "The body is too large"),
    429: ("too-many-requests", "Too many requests"),
    431: ("head-too-large", "The head of the request is too large"),
    503: ("unavailable", "The service is not available"),
}


class Gate(Protocol):
    """Who may come in? Called in a thread, with the headers by lower-case name."""

    def admit(self, headers: Mapping[str, str], *, address: str | None) -> None:
        """Return where the body may be read. Raises Refused."""

    def charge(self, headers: Mapping[str, str], size: int) -> None:
        """Take note of the size of a body that has been read."""


class Shortcut(Protocol):
    """Which requests are answered without the WSGI application? Found and learnt on the event
    loop, answered in a thread; None for an answer: it was a request for the application after all.
    """

    def find(self, scope: Scope, body: bytes) -> Any | None:
        """Return the request as the others take it, or None where the application answers."""

    def is_small(self, found: Any) -> bool:
        """May it be answered together with others?"""

    def answer_small(self, found: Sequence[Any]) -> Sequence[Messages | None]:
        """Return the answers of several, in their order."""

    def answer(self, found: Any) -> Messages | None:
        """Return the answer of one."""

    def learn(self, scope: Scope, answer: Messages) -> None:
        """Take note of what the application answered."""


class Gone(Exception):
    """The sender has hung up; nobody is there to answer."""


class Front:
    """The ASGI application around a WSGI one.

    max_body_bytes, timeout_seconds: of one body; max_held_bytes: of all bodies being read, so
    that many slow large ones can't fill the memory; gate: where not everybody may come in;
    shortcut: where not every request needs the application
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
    ) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._max_body_bytes = max_body_bytes
        self._timeout_seconds = timeout_seconds
        self._max_held_bytes = max_held_bytes
        self._held_bytes = 0
        self._gate = gate
        self._shortcut = shortcut
        self._turns = Turns(shortcut.answer_small) if shortcut is not None else None

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
                if self._turns is not None:
                    self._turns.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        held = [0]
        try:
            check_head(scope)
            await self._admit(scope)
            async with asyncio.timeout(self._timeout_seconds):
                body = await self._read(scope, receive, held)
            await self._charge(scope, len(body))
            await self._answer(scope, body, receive, send)
        except TimeoutError:
            await _refuse(send, Refused(408, f"The body took over {self._timeout_seconds:g} s."))
        except Refused as refused:
            await _refuse(send, refused)
        except Gone:
            pass
        finally:
            self._held_bytes -= held[0]

    async def _admit(self, scope: Scope) -> None:
        if self._gate is not None:
            address = (scope.get("client") or (None,))[0]
            admit = partial(self._gate.admit, headers_of(scope), address=address)
            await asyncio.get_running_loop().run_in_executor(self._threads, admit)

    async def _charge(self, scope: Scope, size: int) -> None:
        if self._gate is not None and size:
            charge = partial(self._gate.charge, headers_of(scope), size)
            await asyncio.get_running_loop().run_in_executor(self._threads, charge)

    async def _read(self, scope: Scope, receive: Receive, held: list[int]) -> bytes:
        limit = self._max_body_bytes
        too_large = Refused(413, f"The body is larger than {limit:,} bytes.")
        declared = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
        if declared.isdigit() and int(declared) > limit:
            raise too_large
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == GONE:
                raise Gone
            piece = message.get("body", b"")
            size += len(piece)
            held[0] += len(piece)
            self._held_bytes += len(piece)
            if size > limit:
                raise too_large
            if self._held_bytes > self._max_held_bytes:
                raise Refused(503, "Too many large bodies are arriving at once; send again.")
            pieces.append(piece)
            if not message.get("more_body"):
                return b"".join(pieces)

    async def _answer(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        reader = Reader(receive, send)
        try:
            answer = await self._cut_short(scope, body)
            if answer is None:
                answer = await self._ask_application(scope, body, reader)
            async with asyncio.timeout(SLOW_READER_SECONDS):
                for message in answer:
                    await send(message)
        except (TimeoutError, ConnectionError) as error:
            raise Gone from error
        finally:
            reader.stop_watching()

    async def _cut_short(self, scope: Scope, body: bytes) -> Messages | None:
        if self._shortcut is None or self._turns is None:
            return None
        found = self._shortcut.find(scope, body)
        if found is None:
            return None
        if self._shortcut.is_small(found):
            return await self._turns.ask(found)
        answer = partial(self._shortcut.answer, found)
        return await asyncio.get_running_loop().run_in_executor(self._threads, answer)

    async def _ask_application(self, scope: Scope, body: bytes, reader: Reader) -> Messages:
        loop = asyncio.get_running_loop()

        def send_now(message: MutableMapping[str, Any]) -> None:
            """From the thread: wait until the piece is taken, not for a slow reader for ever."""
            asyncio.run_coroutine_threadsafe(reader.give(message), loop).result(SLOW_READER_SECONDS)

        rest = await loop.run_in_executor(
            self._threads, run_application, self._wsgi, environ_of(scope, body), send_now
        )
        if self._shortcut is not None:
            self._shortcut.learn(scope, rest)
        return rest


async def _refuse(send: Send, refused: Refused) -> None:
    slug, title = REASONS[refused.status]
    document = {
        "type": PROBLEM + slug,
        "title": title,
        "status": refused.status,
        "detail": str(refused),
    }
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"cache-control", b"private, no-store"),
        (b"connection", b"close"),
    ]
    retry = RETRY_SECONDS if refused.status == 503 else refused.retry_seconds
    if retry is not None:
        headers.append((b"retry-after", str(retry).encode()))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


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
    )


def _make_gate() -> Gate | None:
    """Imported only when Django is set up."""
    from .gate import make_gate

    return make_gate()


def _make_shortcut() -> Shortcut | None:
    """Imported only when Django is set up."""
    from .shortcut import make_shortcut

    return make_shortcut()

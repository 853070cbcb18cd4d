"""Reads the body of one request, and gives back its memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from .answer import DISCONNECT, Receive
from .head import EarlyRefusal, body_too_large
from .memory import BodyMemory, MemoryOwner


class ClientDisconnected(Exception):
    """The client has closed the connection; nobody is there to answer."""


class MissingKey(Exception):
    """The body is not read: its sender shows no key where one is needed."""


class Body:
    """What has arrived of a body. All of it has to arrive within timeout_seconds.

    What arrives with the head is in the memory of the server already, and is counted only where
    more follows.
    """

    def __init__(self, receive: Receive, *, memory: BodyMemory, timeout_seconds: float) -> None:
        self._receive = receive
        self._memory = memory
        self._timeout_seconds = timeout_seconds
        self._deadline = asyncio.get_running_loop().time() + timeout_seconds
        self._pieces: list[bytes] = []
        self._owner: MemoryOwner | None = None
        self._reserved = 0
        self.size = 0
        self.is_whole = False

    async def receive(self) -> MutableMapping[str, Any]:
        """Return what else arrives: of a body that is whole, nothing does."""
        return {"type": DISCONNECT} if self.is_whole else await self._receive()

    async def read_piece(self) -> None:
        """Raises ClientDisconnected, EarlyRefusal (too slow)."""
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise EarlyRefusal(408, f"The body took over {self._timeout_seconds:g} s.") from None
        if message["type"] == DISCONNECT:
            raise ClientDisconnected
        piece = message.get("body", b"")
        self._pieces.append(piece)
        self.size += len(piece)
        self.is_whole = not message.get("more_body")

    async def read_rest(self, owner: MemoryOwner) -> None:
        """Raises ClientDisconnected, EarlyRefusal (too slow, too large, no room)."""
        self._owner = owner
        limit = self._memory.largest_body(owner)
        self._reserve()
        while not self.is_whole:
            await self.read_piece()
            if self.size > limit:
                raise body_too_large(limit)
            self._reserve()

    @contextmanager
    def paused_deadline(self) -> Iterator[None]:
        """Extend the deadline by the time that the server itself takes here."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        yield
        self._deadline += loop.time() - began

    def take_bytes(self) -> bytes:
        """Return the body, once; its memory stays taken until `release`."""
        pieces, self._pieces = self._pieces, []
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def release(self) -> None:
        self._pieces = []
        if self._owner is not None and self._reserved:
            self._memory.release(self._owner, self._reserved)
            self._reserved = 0

    def _reserve(self) -> None:
        assert self._owner is not None
        self._memory.take(self._owner, self.size - self._reserved)
        self._reserved = self.size

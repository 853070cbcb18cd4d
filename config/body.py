"""Reads the body of one request, and gives back its memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from .answer import GONE, Receive
from .head import Refused, too_large
from .memory import BodyMemory, Payer


class Gone(Exception):
    """The sender has hung up; nobody is there to answer."""


class NotEntitled(Exception):
    """The body is not read: its sender shows no key where one is needed."""


class Body:
    """What has come of a body. It all has to come within timeout_seconds.

    What arrives with the head is in the memory of the server before anybody is asked, and is
    counted only once there is more to come.
    """

    def __init__(self, receive: Receive, *, memory: BodyMemory, timeout_seconds: float) -> None:
        self._receive = receive
        self._memory = memory
        self._timeout_seconds = timeout_seconds
        self._deadline = asyncio.get_running_loop().time() + timeout_seconds
        self._pieces: list[bytes] = []
        self._payer: Payer | None = None
        self._paid = 0
        self.size = 0
        self.is_whole = False

    async def receive(self) -> MutableMapping[str, Any]:
        """Return what else comes: of a body that is whole, nothing does."""
        return {"type": GONE} if self.is_whole else await self._receive()

    async def read_piece(self) -> None:
        """Raises Gone, Refused (too slow)."""
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise Refused(408, f"The body took over {self._timeout_seconds:g} s.") from None
        if message["type"] == GONE:
            raise Gone
        piece = message.get("body", b"")
        self._pieces.append(piece)
        self.size += len(piece)
        self.is_whole = not message.get("more_body")

    async def read_rest(self, payer: Payer) -> None:
        """Raises Gone, Refused (too slow, too large, no room)."""
        self._payer = payer
        limit = self._memory.largest_body(payer)
        self._pay()
        while not self.is_whole:
            await self.read_piece()
            if self.size > limit:
                raise too_large(limit)
            self._pay()

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """What we take long for is not the sender's time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        yield
        self._deadline += loop.time() - began

    def whole(self) -> bytes:
        """Return the body, once; its memory stays taken until it is let go."""
        pieces, self._pieces = self._pieces, []
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def let_go(self) -> None:
        self._pieces = []
        if self._payer is not None and self._paid:
            self._memory.give_back(self._payer, self._paid)
            self._paid = 0

    def _pay(self) -> None:
        assert self._payer is not None
        self._memory.take(self._payer, self.size - self._paid)
        self._paid = self.size

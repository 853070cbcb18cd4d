"""Ends a web process without losing a request.

SIGTERM drains it alone: it takes no new connection (these wait for the next process), answers
whatever comes on its open ones, and closes each after its answer, saying so. Connections that
are idle for a while are closed then. SIGINT, as Ctrl-C and the supervisor send it, stops the
product: requests in work are answered, and nobody is waited for.
"""

from __future__ import annotations

import asyncio
import socket
from signal import SIGINT
from types import FrameType

import uvicorn

from .accept import EvenServer

IDLE_SECONDS = 2.0
LOOK_SECONDS = 0.02


class Ending:
    """Shared by a server and its connections."""

    def __init__(self) -> None:
        self.is_draining = False
        self.is_stopping = False


class DrainingServer(EvenServer):
    """An EvenServer that ends as said above."""

    def __init__(self, config: uvicorn.Config, ending: Ending) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Never cut short by a second signal: who takes too long is killed by the supervisor."""
        self._ending.is_draining = True
        self._ending.is_stopping = self._ending.is_stopping or sig == SIGINT
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for acceptor in self.servers:
            acceptor.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + IDLE_SECONDS
        while (
            self.server_state.connections and loop.time() < until and not self._ending.is_stopping
        ):
            await asyncio.sleep(LOOK_SECONDS)
        await super().shutdown(sockets)

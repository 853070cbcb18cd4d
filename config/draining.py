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

from .accept import BalancedServer

IDLE_SECONDS = 2.0
POLL_SECONDS = 0.02


class ShutdownState:
    """How a server ends; shared with its connections."""

    def __init__(self) -> None:
        self.is_draining = False
        self.is_stopping = False


class DrainingServer(BalancedServer):
    """A BalancedServer that drains, as described above."""

    def __init__(self, config: uvicorn.Config, shutdown_state: ShutdownState) -> None:
        super().__init__(config)
        self._shutdown_state = shutdown_state

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Never cut short by a second signal: who takes too long is killed by the supervisor."""
        self._shutdown_state.is_draining = True
        self._shutdown_state.is_stopping = self._shutdown_state.is_stopping or sig == SIGINT
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for acceptor in self.servers:
            acceptor.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + IDLE_SECONDS
        while (
            self.server_state.connections
            and loop.time() < until
            and not self._shutdown_state.is_stopping
        ):
            await asyncio.sleep(POLL_SECONDS)
        await super().shutdown(sockets)

"""Gives a new connection to the web process that has the fewest.

All of them listen on one socket, and left to themselves the first to wake takes what is there: of
four senders that keep their connections, three or four end up in one process, while the others
idle. So a process waits before it takes another, a little longer for each one that it has; who has
none takes at once.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Sized
from typing import Any, cast

import uvicorn

# Fewer than this many connections are spread out; of more each process gets its share by chance.
FEW_CONNECTIONS = 16
WAIT_SECONDS = 0.0005
MAX_ACCEPTS = 64
PAUSE_SECONDS = 0.5
logger = logging.getLogger(__name__)


class Acceptor:
    """Takes connections off a listening socket; uvicorn closes it as it does an asyncio server.

    open_connections: those that this process has, to be counted
    """

    def __init__(
        self,
        listening: socket.socket,
        make_protocol: Callable[[], asyncio.Protocol],
        open_connections: Sized,
    ) -> None:
        self._listening = listening
        self._make_protocol = make_protocol
        self._open_connections = open_connections
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._starting: set[asyncio.Task[None]] = set()
        listening.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Accept no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""

    def _listen(self) -> None:
        self._timer = None
        self._loop.add_reader(self._listening, self._on_connection)

    def _on_connection(self) -> None:
        self._loop.remove_reader(self._listening)
        wait = min(self._count(), FEW_CONNECTIONS) * WAIT_SECONDS
        self._timer = self._loop.call_later(wait, self._accept)

    def _count(self) -> int:
        return len(self._open_connections) + len(self._starting)

    def _accept(self) -> None:
        for _ in range(1 if self._count() < FEW_CONNECTIONS else MAX_ACCEPTS):
            try:
                connection, _ = self._listening.accept()
            except (BlockingIOError, ConnectionAbortedError):
                break  # Another process was quicker, or the sender has gone.
            except OSError as error:
                # Out of file descriptors: those that end will make room.
                logger.warning("No connection can be taken: %s.", error.strerror)
                self._timer = self._loop.call_later(PAUSE_SECONDS, self._listen)
                return
            task = self._loop.create_task(self._start(connection))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
        self._listen()

    async def _start(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        # An answer must not wait 40 ms for an acknowledgement (Nagle's algorithm).
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await self._loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:
            connection.close()


class BalancedServer(uvicorn.Server):
    """uvicorn's server, with its sockets served by Acceptors."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        self.servers = [
            cast(
                asyncio.Server,
                Acceptor(listening, self._make_protocol, self.server_state.connections),
            )
            for listening in sockets or []
        ]

    def _make_protocol(self) -> asyncio.Protocol:
        protocol: Callable[..., asyncio.Protocol] = cast(Any, self.config.http_protocol_class)
        return protocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

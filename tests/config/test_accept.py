"""Who takes a connection when several listen on one socket?"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from config.accept import Acceptor


class Counted(asyncio.Protocol):
    """A protocol that adds its connection to a process's own."""

    def __init__(self, connections: set[asyncio.BaseTransport]) -> None:
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(transport)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


async def take(listening: socket.socket, processes: int, senders: int) -> list[int]:
    """Connect so many senders, one after the other, and return how many each process has."""
    taken: list[set[asyncio.BaseTransport]] = [set() for _ in range(processes)]
    acceptors = [Acceptor(listening.dup(), lambda mine=mine: Counted(mine), mine) for mine in taken]
    clients = []
    async with asyncio.timeout(30):
        for number in range(1, senders + 1):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            clients.append(writer)
            while sum(map(len, taken)) < number:
                await asyncio.sleep(0)
    for acceptor in acceptors:
        acceptor.close()
        acceptor._listening.close()
    for writer in clients:
        writer.close()
        await writer.wait_closed()
    for transport in set().union(*taken):
        transport.close()
    await asyncio.sleep(0)
    return sorted(map(len, taken))


class TestAcceptor:
    def test_connections_that_stay_are_spread_evenly(self, listening: socket.socket) -> None:
        assert asyncio.run(take(listening, processes=2, senders=4)) == [2, 2]

    def test_more_than_a_few_are_all_taken(self, listening: socket.socket) -> None:
        assert sum(asyncio.run(take(listening, processes=2, senders=60))) == 60

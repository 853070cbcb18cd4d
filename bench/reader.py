"""How long does one reader wait? Through HTTP on this machine, so nearly all is the server's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from tqdm import tqdm

from .access import Access
from .senders import Connection, get_request
from .servers import Web


class Reader:
    """A connection with a read token for the API and a session for the pages."""

    def __init__(self, connection: Connection, access: Access) -> None:
        self._connection = connection
        self._access = access

    def milliseconds(self, address: str) -> float:
        """Get it once. Raises RuntimeError where it isn't found."""
        return self._get(address)[1]

    def text(self, address: str) -> str:
        """Return what an address answers with, as text."""
        return self._get(address)[0].decode()

    def document(self, address: str) -> Any:
        """Return the JSON of an address."""
        return msgspec.json.decode(self._get(address)[0])

    def worst(self, addresses: Sequence[str], *, times: int) -> tuple[str, list[float]]:
        """Get each twice, then the slowest again and again: return it and its milliseconds."""
        best = {
            address: min(self.milliseconds(address), self.milliseconds(address))
            for address in tqdm(addresses, desc="by HTTP", disable=None)
        }
        slowest = max(best, key=lambda address: best[address])
        return slowest, [self.milliseconds(slowest) for _ in range(times)]

    def _get(self, address: str) -> tuple[bytes, float]:
        answer = self._connection.send(request_for(address, self._access))
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {address}: {answer.body[:300]!r}")
        return answer.body, answer.seconds * 1_000


def request_for(address: str, access: Access) -> bytes:
    """Return the bytes that ask for an address of the API (by token) or a page (by session)."""
    parts = urlsplit(address)
    target = f"{parts.path}?{parts.query}"
    if parts.path.startswith("/api/"):
        return get_request(target, access.read_token)
    return get_request(target, cookie=access.cookie)


@contextmanager
def reader_of(web: Web, access: Access) -> Iterator[Reader]:
    """Connect a reader."""
    with Connection(web.port) as connection:
        yield Reader(connection, access)

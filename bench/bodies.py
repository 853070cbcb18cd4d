"""What do senders send? Bodies of events that happen now, none of them twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from .dataset import documents
from .ordinary.payload import flat
from .senders import post_request

ENVIRONMENT = "prod"
PATH = "/api/v1/events"
CREATED = 201
_encode = msgspec.json.encode
_seeds = itertools.count(50_000)


def requests(count: int, size: int, key: str) -> list[bytes]:
    """Return requests that record so many batches of a size."""
    return [post_request(PATH, body, key) for body in itertools.islice(native(size), count)]


def native(size: int) -> Iterator[bytes]:
    """Yield bodies of native events."""
    return (_encode([event for _, event in batch]) for batch in _batches(size))


def ordinary(size: int) -> Iterator[bytes]:
    """Yield the same for the ordinary project."""
    return (_encode([flat(ENVIRONMENT, event) for _, event in batch]) for batch in _batches(size))


def _batches(size: int) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    seed = next(_seeds)
    start = datetime.now(UTC).replace(second=0, microsecond=0)
    events = documents(10**7, seed=seed, start=start, days=1 / 24, prefix=f"x{seed}-")
    return iter(lambda: list(itertools.islice(events, size)), [])

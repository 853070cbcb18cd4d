"""Divides the memory for request bodies between senders.

Each key has a share of its own, and all requests without a key have one share together, no larger
than a key's: however many bodies these leave half sent, the senders' find room.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from audit.rest.problem_types import RETRY_SECONDS

from .head import EarlyRefusal

# The share of one key, of all requests without a key, and of one IP address without a key, as
# fractions of the whole.
KEY_DIVISOR = 4
ANONYMOUS_DIVISOR = 4
ANONYMOUS_IP_DIVISOR = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryOwner:
    """Whose share a body takes; name: of the key, or of the IP address where there is no key."""

    name: str
    is_anonymous: bool


class BodyMemory:
    """The memory of one process for bodies that are not whole yet, or not answered."""

    def __init__(self, max_bytes: int, *, max_body_bytes: int) -> None:
        """max_bytes: of all; raised where a key's share couldn't hold a largest body

        total_bytes: taken now
        """
        self._max_bytes = max(max_bytes, KEY_DIVISOR * max_body_bytes)
        self._max_body_bytes = max_body_bytes
        self._held: Counter[MemoryOwner] = Counter()
        self.total_bytes = 0
        self._anonymous_bytes = 0

    def largest_body(self, owner: MemoryOwner) -> int:
        """Return how many bytes one body may have."""
        return min(self._max_body_bytes, self._share(owner))

    def take(self, owner: MemoryOwner, size: int) -> None:
        """Raises EarlyRefusal, with nothing taken, where there is no room."""
        if self._held[owner] + size > self._share(owner):
            whose = "from this address" if owner.is_anonymous else "with this key"
            raise EarlyRefusal(
                429,
                f"Too many large bodies {whose} are arriving at once; send again.",
                retry_seconds=RETRY_SECONDS,
            )
        is_full = self.total_bytes + size > self._max_bytes
        if owner.is_anonymous:
            is_full = is_full or self._anonymous_bytes + size > self._max_bytes // ANONYMOUS_DIVISOR
        if is_full:
            raise EarlyRefusal(503, "Too many large bodies are arriving at once; send again.")
        self._add(owner, size)

    def release(self, owner: MemoryOwner, size: int) -> None:
        self._add(owner, -size)
        if not self._held[owner]:
            del self._held[owner]

    def _add(self, owner: MemoryOwner, size: int) -> None:
        self._held[owner] += size
        self.total_bytes += size
        if owner.is_anonymous:
            self._anonymous_bytes += size

    def _share(self, owner: MemoryOwner) -> int:
        return self._max_bytes // (ANONYMOUS_IP_DIVISOR if owner.is_anonymous else KEY_DIVISOR)

"""Divides the memory for request bodies between senders.

Each key has a share of its own, and all requests without a key have one share together, no larger
than a key's: however many bodies these leave half sent, the senders' find room.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from audit.rest.problem_types import RETRY_SECONDS

from .head import Refused

# Parts of the whole: of one key, of all strangers together, of one stranger's address.
OF_A_KEY = 4
OF_STRANGERS = 4
OF_AN_ADDRESS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Whose share a body takes; name: of the key, or of the address of a stranger."""

    name: str
    is_stranger: bool


class BodyMemory:
    """The memory of one process for bodies that are not whole yet, or not answered."""

    def __init__(self, max_bytes: int, *, max_body_bytes: int) -> None:
        """max_bytes: of all; becomes more where a key's share couldn't hold a largest body

        total_bytes: what is taken now
        """
        self._max_bytes = max(max_bytes, OF_A_KEY * max_body_bytes)
        self._max_body_bytes = max_body_bytes
        self._held: Counter[Payer] = Counter()
        self.total_bytes = 0
        self._strangers = 0

    def largest_body(self, payer: Payer) -> int:
        """Return how many bytes one body may have."""
        return min(self._max_body_bytes, self._share(payer))

    def take(self, payer: Payer, size: int) -> None:
        """Raises Refused, with nothing taken, where there is no room."""
        if self._held[payer] + size > self._share(payer):
            whose = "from this address" if payer.is_stranger else "with this key"
            raise Refused(
                429,
                f"Too many large bodies {whose} are arriving at once; send again.",
                retry_seconds=RETRY_SECONDS,
            )
        is_full = self.total_bytes + size > self._max_bytes
        if payer.is_stranger:
            is_full = is_full or self._strangers + size > self._max_bytes // OF_STRANGERS
        if is_full:
            raise Refused(503, "Too many large bodies are arriving at once; send again.")
        self._add(payer, size)

    def give_back(self, payer: Payer, size: int) -> None:
        self._add(payer, -size)
        if not self._held[payer]:
            del self._held[payer]

    def _add(self, payer: Payer, size: int) -> None:
        self._held[payer] += size
        self.total_bytes += size
        if payer.is_stranger:
            self._strangers += size

    def _share(self, payer: Payer) -> int:
        return self._max_bytes // (OF_AN_ADDRESS if payer.is_stranger else OF_A_KEY)

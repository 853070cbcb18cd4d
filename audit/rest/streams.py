"""How many long answers may go out at once? Few: each holds a thread and a connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from threading import BoundedSemaphore

from rest_framework.exceptions import Throttled

MAX_STREAMS = 3
RETRY_SECONDS = 10
_slots = BoundedSemaphore(MAX_STREAMS)


class Stream:
    """An iterator that holds one of this process's slots until it is closed.

    begin: makes the pieces; called once there is a slot, and the first piece is made at once, so
    that what goes wrong is told before an answer has begun. Raises Throttled without a slot.
    """

    def __init__(self, begin: Callable[[], Iterator[bytes]]) -> None:
        if not _slots.acquire(blocking=False):
            raise Throttled(
                RETRY_SECONDS, f"{MAX_STREAMS} exports are running in this process already."
            )
        self._is_open = True
        self._pieces: Iterator[bytes] = iter(())
        try:
            self._pieces = begin()
            self._rest = chain([next(self._pieces)], self._pieces)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._rest)

    def close(self) -> None:
        """End the export, also in its midst; can be called again."""
        if self._is_open:
            self._is_open = False
            try:
                close = getattr(self._pieces, "close", None)
                if close is not None:
                    close()
            finally:
                _slots.release()

"""Limits how many long answers go out at once: each holds a thread and a connection.

Every answer that streams is made here, so that no reader can hold more than a share of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from itertools import chain
from threading import Lock

from django.http import StreamingHttpResponse
from rest_framework.exceptions import Throttled

from audit.conf import audit_settings

from .problem_types import NO_STORE

RETRY_SECONDS = 10


class _Slots:
    """Those of this process. One person leaves one to the others, where there are several."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: Counter[Hashable] = Counter()

    def take(self, person: Hashable) -> None:
        """Raises Throttled."""
        most = audit_settings().MAX_STREAMS
        of_one = max(1, most - 1)
        with self._lock:
            if self._taken.total() >= most:
                raise Throttled(RETRY_SECONDS, f"{most} downloads are running here already.")
            if self._taken[person] >= of_one:
                raise Throttled(RETRY_SECONDS, f"{of_one} downloads of yours are running already.")
            self._taken[person] += 1

    def give_back(self, person: Hashable) -> None:
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]


_slots = _Slots()


class Stream:
    """An iterator that holds one of this process's slots until it is closed.

    begin: makes the pieces; called once there is a slot, and the first piece is made at once, so
    that what goes wrong is told before an answer has begun. person: whose it is. Raises Throttled
    without a slot.
    """

    def __init__(self, begin: Callable[[], Iterator[bytes]], *, person: Hashable) -> None:
        _slots.take(person)
        self._person = person
        self._is_open = True
        self._pieces: Iterator[bytes] = iter(())
        try:
            self._pieces = begin()
            self._rest = chain([next(self._pieces, b"")], self._pieces)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._rest)

    def close(self) -> None:
        """End the answer, also in its midst; can be called again."""
        if self._is_open:
            self._is_open = False
            try:
                close = getattr(self._pieces, "close", None)
                if close is not None:
                    close()
            finally:
                _slots.give_back(self._person)


def download(stream: Stream, *, file_name: str, media_type: str) -> StreamingHttpResponse:
    """Return an answer that a browser saves."""
    return StreamingHttpResponse(
        stream,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": NO_STORE,
        },
    )

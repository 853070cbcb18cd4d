"""Limits how many long answers go out at once: each holds a thread and a connection.

Every answer that streams is made here, so that no reader can hold more than a share of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connections
from django.http import StreamingHttpResponse
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from audit.conf import audit_settings
from audit.errors import AuditError

from .authentication import reader_by_now
from .problem_types import NO_STORE

RETRY_SECONDS = 10
# With the time for a piece, less than the 5 seconds in which a change takes effect everywhere.
ASK_AGAIN_SECONDS = 2.0


class NoLongerAllowed(AuditError):
    """A reader's token, session or role has ended while an answer was on its way."""


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
    that what goes wrong is told before an answer has begun. person: whose it is. may_go_on: asked
    every few seconds, in a thread of its own; where not, the answer breaks off. Raises Throttled
    without a slot, and in its midst NoLongerAllowed.
    """

    def __init__(
        self,
        begin: Callable[[], Iterator[bytes]],
        *,
        person: Hashable,
        may_go_on: Callable[[], bool],
    ) -> None:
        _slots.take(person)
        self._person, self._may_go_on = person, may_go_on
        self._ask_at = monotonic() + ASK_AGAIN_SECONDS
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
        if monotonic() >= self._ask_at:
            self._ask_again()
        return next(self._rest)

    def _ask_again(self) -> None:
        """In a thread of its own, on connections of its own: those of the stream are in a
        transaction, which may see what was true when it began, and keeps what it locks.
        """
        with ThreadPoolExecutor(max_workers=1) as pool:
            if not pool.submit(_closing, self._may_go_on).result():
                raise NoLongerAllowed("A download is broken off: its reader may have it no more.")
        self._ask_at = monotonic() + ASK_AGAIN_SECONDS

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


def while_allowed(request: Request, is_allowed: Callable[[Any], bool]) -> Callable[[], bool]:
    """Return what asks whether the reader of a request, loaded anew, is still allowed something."""

    def ask() -> bool:
        reader = reader_by_now(request)
        return reader is not None and is_allowed(reader)

    return ask


def _closing(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    finally:
        connections.close_all()


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

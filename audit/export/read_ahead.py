"""Reads on while what was read is still being used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")
# So many things are there at most: the one in use, and those that are read for later.
HELD = 3
# So long a thread that is told to end may take before what it waits for is cancelled, and again.
PATIENCE_SECONDS = 0.05
CANCEL_SECONDS = 1.0


@contextmanager
def read_ahead(things: Iterator[T], *, cancel: Callable[[], None]) -> Iterator[Iterator[T]]:
    """Give an iterator's things, which a thread of its own makes while others are in use.

    An error of the iterator is raised where its thing would have come. The thread is over when the
    block is left: it makes nothing more, and cancel is called for as long as it waits for anything.
    """
    made: SimpleQueue[T | _End] = SimpleQueue()
    room, is_left = Semaphore(HELD), False

    def make() -> None:
        error: BaseException | None = None
        try:
            while room.acquire() and not is_left:
                made.put(next(things))
        except StopIteration:
            pass
        except BaseException as caught:
            error = caught
        made.put(_End(error))

    def given() -> Iterator[T]:
        while not isinstance(thing := made.get(), _End):
            yield thing
            room.release()
        if thing.error is not None:
            raise thing.error

    thread = Thread(target=make, name="read-ahead", daemon=True)
    thread.start()
    try:
        yield given()
    finally:
        is_left = True
        room.release()
        thread.join(PATIENCE_SECONDS)
        while thread.is_alive():
            cancel()
            thread.join(CANCEL_SECONDS)


class _End:
    """Nothing more comes; error: what the iterator failed with"""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error

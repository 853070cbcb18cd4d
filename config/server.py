"""`python -m config.server --fd N`: one web process on a listening socket that it was given."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import signal
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from audit.worker.garbage import collect_less_often

from .asgi import make_application
from .configuration import configuration
from .draining import DrainingServer, ShutdownState
from .head import MAX_HEAD_BYTES

KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 8
HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n"
    b"Content-Length: 0\r\n\r\n"
)
# mallopt(3): one that is set is no longer changed by what is freed.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8
MALLOC = {
    _M_ARENA_MAX: 2,
    _M_MMAP_THRESHOLD: 2**16,
    _M_TRIM_THRESHOLD: 2**16,
    _M_TOP_PAD: 2**16,
}


# A class, whose small methods are counted as if they were one.
def protocol(  # noqa: C901
    head_seconds: float, shutdown_state: ShutdownState
) -> type[HttpToolsProtocol]:
    """Return uvicorn's protocol, ending connections whose request head is too slow or too large,
    and each after its answer where the process comes to its end.
    """

    class Impatient(HttpToolsProtocol):
        _head_timer: asyncio.TimerHandle | None = None
        _head_bytes = 0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait_for_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._head_bytes = self._head_bytes + len(data) if self._head_timer else 0
            if self._head_bytes > MAX_HEAD_BYTES and self.transport is not None:
                self.transport.write(HEAD_TOO_LARGE)
                self.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            if self._head_timer is None:
                self._wait_for_head()

        def on_headers_complete(self) -> None:
            self._stop_waiting()
            super().on_headers_complete()
            if shutdown_state.is_draining:
                self.cycle.keep_alive = False

        def _wait_for_head(self) -> None:
            self._head_timer = self.loop.call_later(head_seconds, self._give_up)

        def _stop_waiting(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

        def _give_up(self) -> None:
            if self.transport is not None:
                self.transport.close()

    return Impatient


def tune_malloc() -> None:
    """Ask glibc to give memory back soon, and to hand it out from few heaps.

    Left to itself it makes eight heaps for each processor, and what a large submission leaves
    behind in one is no use to the thread that takes the next. And it learns from each large block
    that is freed to keep larger ones on the heaps, under whatever comes after them.
    """
    try:
        libc = ctypes.CDLL(None)
        for parameter, value in MALLOC.items():
            libc.mallopt(parameter, value)
    except (OSError, AttributeError):
        return  # Not glibc.


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="the listening socket's number")
    options = parser.parse_args()
    tune_malloc()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is something to end in good order
    application = make_application()
    collect_less_often()
    shutdown_state = ShutdownState()
    configured = uvicorn.Config(
        application,
        http=protocol(configuration().BODY_TIMEOUT_SECONDS, shutdown_state),
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        log_config=None,  # its own would write tracebacks, with what they quote
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    DrainingServer(configured, shutdown_state).run(sockets=[socket.socket(fileno=options.fd)])


if __name__ == "__main__":
    main()

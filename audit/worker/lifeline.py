"""Ends a child process with its parent, however the parent ended."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # prctl(2)
# Loaded here: between fork and exec a child must not look for libraries.
_prctl = ctypes.CDLL(None).prctl if os.uname().sysname == "Linux" else None


def ends_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return a `preexec_fn` of subprocess that has Linux send the child this signal when the
    calling thread is gone. Elsewhere the child has to be ended by its parent.
    """
    parent = os.getpid()

    def request_signal() -> None:
        if _prctl is None:
            return
        _prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os._exit(1)  # The parent ended before the signal was requested.

    return request_signal

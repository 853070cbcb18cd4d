"""Who serves? The product's own web processes and worker, as children of the bench."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

from audit.worker.lifeline import ends_with_parent
from config.databases import SUPERVISED
from config.variables import BASE_DIR

READY_SECONDS = 60
STOP_SECONDS = 20
OURS = "config.settings"
ORDINARY = "bench.ordinary.settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Web processes on one port of this machine."""

    port: int
    pids: tuple[int, ...]


@contextmanager
def web_server(
    settings: str = OURS, *, processes: int = 2, variables: Mapping[str, str] | None = None
) -> Iterator[Web]:
    """Serve a project by the product's own front. variables: over those of this process."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "config.server", "--fd", str(listening.fileno())]
        children = [
            subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                command,
                cwd=BASE_DIR,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, **(variables or {})},
                pass_fds=(listening.fileno(),),
                preexec_fn=ends_with_parent(),
            )
            for _ in range(processes)
        ]
        try:
            _wait_until_it_answers(port, children)
            yield Web(port=port, pids=tuple(child.pid for child in children))
        finally:
            _end(children)


@contextmanager
def worker(variables: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run the product's worker. variables: over those of this process"""
    child = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env={**os.environ, SUPERVISED: "1", **(variables or {})},
        preexec_fn=ends_with_parent(),
    )
    try:
        yield child
    finally:
        _end([child])


def _wait_until_it_answers(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    give_up = monotonic() + READY_SECONDS
    while monotonic() < give_up and all(child.poll() is None for child in children):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise RuntimeError("The web server does not answer.")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

"""A whole installation of its own: started by the command that people use, stopped after."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120
PASSWORD = "Acceptance-2026"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """`manage.py start` in a directory of its own; variables: what differs from the defaults."""

    directory: Path
    variables: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.directory / "start.log").read_text(errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
        return kept | {
            "DATA_DIR": str(self.directory / "data"),
            "PORT": str(self.port),
            "DEMO_PASSWORD": PASSWORD,
            **self.variables,
        }

    def start(self) -> float:
        """Start it and return the seconds until it said that it is ready."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o755)
        began = time.monotonic()
        with (self.directory / "start.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "start"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait(lambda: "Ctrl-C stops it" in self.log, READY_SECONDS)
        return time.monotonic() - began

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def remove(self) -> None:
        """Delete the data that lie where PostgreSQL could reach them; pytest has the rest."""
        data = self.directory / "data" / "postgres"
        if data.is_symlink():
            shutil.rmtree(data.resolve().parent)

    def wait(self, is_so: Callable[[], bool], seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while not is_so():
            assert self.process is not None
            assert self.process.poll() is None, self.log[-2000:]
            assert time.monotonic() < give_up, self.log[-2000:]
            time.sleep(0.05)

    def manage(self, *words: str) -> str:
        """Run a command in another shell and return the last line of its standard output."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip().rpartition("\n")[2]

    def children(self, pattern: str) -> list[int]:
        """Return the pids of the supervisor's children whose command line matches."""
        assert self.process is not None
        found = []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
                command = status.with_name("cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            is_child = re.search(rf"^PPid:\t{self.process.pid}$", text, re.MULTILINE)
            if is_child and re.search(pattern, command.replace("\0", " ")):
                found.append(int(status.parent.name))
        return sorted(found)


def is_running(pid: int) -> bool:
    """Is there such a process, not only its end to be read?"""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(") ")[2][0] not in "ZX"


def post(client: httpx.Client, address: str, key: str, events: Any) -> httpx.Response:
    return client.post(
        f"{address}/api/v1/events",
        content=json.dumps(events),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )

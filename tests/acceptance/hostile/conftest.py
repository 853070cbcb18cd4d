"""An installation that gets to hear all of it, and what it said."""

from __future__ import annotations

import http.client
import os
import re
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ..installation import Installation

# How long an answer may take: whether it took too much is asked of the processor, since a busy
# machine makes every answer late.
TIMEOUT_SECONDS = 120
PIECE_BYTES = 2**16
MIB = 2**20
MAKE_ENVIRONMENT = (
    "from environments.directory import create_environment;"
    "create_environment(key='prod', name='Prod', colour='#c2410c', position=1)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """status: None where the connection ended without one; body: its bytes"""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body) if self.body else {}

    @property
    def recorded(self) -> list[str]:
        """The ids of the events that it says are recorded."""
        return self.ids("recorded")

    def ids(self, *statuses: str) -> list[str]:
        # An event tells that it is recorded, too, and is no receipt.
        if b'"recorded"' not in self.body or b'"events"' not in self.body:
            return []
        return [e["id"] for e in self.document["events"] if e["status"] in statuses]


@dataclass
class Target:
    """told: the ids of all events that were acknowledged, as recorded now or before"""

    installation: Installation
    key: str
    token: str
    processes: list[int]
    resting: dict[int, int]
    told: set[str] = field(default_factory=set)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.installation.port), TIMEOUT_SECONDS)

    def ask(self, request: bytes) -> Answer:
        """Send bytes, as many as are wanted, and return the first answer."""
        with self.connect() as connection:
            self.send(connection, request)
            return self.read(connection)

    def send(self, connection: socket.socket, request: bytes) -> None:
        """Stop where an answer is there already: a body over the limit isn't waited for."""
        view = memoryview(request)
        try:
            for start in range(0, len(view), PIECE_BYTES):
                if start and select.select([connection], [], [], 0)[0]:
                    return
                connection.sendall(view[start : start + PIECE_BYTES])
        except (BrokenPipeError, ConnectionResetError):
            return

    def read(self, connection: socket.socket) -> Answer:
        try:
            response = http.client.HTTPResponse(connection)
            response.begin()
            body = response.read()
        except (http.client.HTTPException, ConnectionError):
            return Answer(status=None)
        headers = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(status=response.status, body=body, headers=headers)
        self.told.update(answer.ids("recorded", "duplicate"))
        return answer

    def post(self, body: bytes, content_type: str = "application/json", **headers: str) -> Answer:
        return self.ask(self.request(body, content_type, **headers))

    def request(self, body: bytes, content_type: str = "application/json", **headers: str) -> bytes:
        given = {
            "Host": "localhost",
            "Authorization": f"Bearer {self.key}",
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            **headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        return f"POST /api/v1/events HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body

    def get(self, path: str) -> Answer:
        return self.ask(
            f"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self.token}\r\n\r\n".encode()
        )

    @property
    def worked_seconds(self) -> float:
        """How long the web processes have worked, by the processor's time."""
        return sum(map(_worked, self.processes))

    @property
    def growth_mib(self) -> float:
        """By how much a web process has grown at its largest, the worst of them."""
        return max(_peak(pid) - self.resting[pid] for pid in self.processes) / MIB


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    one = Installation(
        tmp_path_factory.mktemp("hostile"), {"DEMO": "off", "BODY_TIMEOUT_SECONDS": "5"}
    )
    one.start()
    try:
        one.manage("shell", "-c", MAKE_ENVIRONMENT)
        one.manage("createsuperuser", "--noinput", "--username", "root", "--email", "r@x.test")
        processes = one.children("config.server")
        made = Target(
            installation=one,
            key=one.manage("ingest_key", "create", "--environment", "prod", "--name", "hostile"),
            token=one.manage("read_token", "create", "--user", "root"),
            processes=processes,
            resting={},
        )
        # What every process loads once is no growth.
        for _ in range(20):
            assert made.post(b'{"type":"HOSTILE"}').status == 201
        made.resting |= {pid: _peak(pid) for pid in processes}
        yield made
    finally:
        one.stop()


def _worked(pid: int) -> float:
    """Return the seconds of processor time that a process has had, its own and the kernel's."""
    # proc(5): the command's name may hold blanks and parentheses; utime and stime are 14 and 15.
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    """Return the most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    assert found
    return int(found[1]) * 1024

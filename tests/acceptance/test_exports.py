"""200,000 events as a file: counted and hashed; given up; made in the background through a sudden
death; cancelled.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from .installation import Installation

EVENTS = 200_000
BATCH = 10_000
KIND = "EXPORTED"
MADE_SECONDS = 120


@pytest.fixture(scope="module")
def client(installation: Installation, read_token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {read_token}"}
    address = installation.address
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def events(installation: Installation, ingest_key: str) -> None:
    headers = {"Authorization": f"Bearer {ingest_key}", "Content-Type": "application/x-ndjson"}
    now = datetime.now(UTC)
    for start in range(0, EVENTS, BATCH):
        lines = [
            json.dumps(
                {
                    "id": f"x{n}",
                    "type": KIND,
                    "time": (now - timedelta(seconds=n)).isoformat(),
                    "actor": {"id": f"u{n % 50}", "name": "=Ann"},
                    "details": {"n": n, "amount": 1.5},
                }
            )
            for n in range(start, start + BATCH)
        ]
        answer = httpx.post(
            f"{installation.address}/api/v1/events",
            content="\n".join(lines),
            headers=headers,
            timeout=60,
        )
        assert answer.json()["recorded"] == BATCH


def stream(client: httpx.Client, name: str) -> bytes:
    answer = client.get(f"/api/v1/events/export?format={name}&type={KIND}")
    assert answer.status_code == 200
    told = client.get(f"/api/v1/exports/{answer.headers['Export-Id']}").json()
    assert (told["state"], told["rows"]) == ("done", EVENTS)
    assert told["sha256"] == sha256(answer.content).hexdigest()
    return answer.content


def ask(client: httpx.Client, name: str) -> dict[str, Any]:
    answer = client.post(f"/api/v1/exports?format={name}&type={KIND}")
    assert answer.status_code == 201, answer.text
    return answer.json()


def wait(is_so: Callable[[], Any], seconds: float = MADE_SECONDS) -> Any:
    give_up = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    return found


def exporters(installation: Installation) -> list[int]:
    """The processes of this installation that make exports now."""
    ours = f"DATA_DIR={installation.directory / 'data'}".encode()
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().replace(b"\0", b" ")
            environment = file.with_name("environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if re.search(rb"manage\.py make_exports", command) and ours in environment:
            found.append(int(file.parent.name))
    return found


@pytest.mark.usefixtures("events")
class TestStream:
    def test_holds_every_event_once_and_tells_their_number_and_hash(
        self, client: httpx.Client
    ) -> None:
        lines = stream(client, "ndjson").splitlines()
        assert len(lines) == EVENTS
        numbers = [json.loads(line)["details"]["n"] for line in lines]
        assert numbers == list(range(EVENTS))

    def test_ends_when_its_reader_hangs_up(
        self, client: httpx.Client, installation: Installation
    ) -> None:
        # More than may run at once: were they not ended, the later ones would be refused.
        ids = []
        for _ in range(20):
            with client.stream("GET", f"/api/v1/events/export?format=json&type={KIND}") as answer:
                assert answer.status_code == 200
                ids.append(answer.headers["Export-Id"])
                next(answer.iter_raw())
        for id_ in ids:
            told = wait(lambda id_=id_: self.ended(client, id_), 10)
            assert (told["state"], told["sha256"]) == ("interrupted", None)
            assert 0 < told["rows"] < EVENTS
        assert wait(lambda: self.is_served(client), 10)

    def ended(self, client: httpx.Client, export_id: str) -> dict[str, Any] | None:
        told = client.get(f"/api/v1/exports/{export_id}").json()
        return None if told["state"] == "running" else told

    def is_served(self, client: httpx.Client) -> bool:
        path = f"/api/v1/events/export?format=json&type={KIND}&to=-9999d"
        return all(client.get(path).status_code == 200 for _ in range(8))


@pytest.mark.usefixtures("events")
class TestBackground:
    def test_survives_the_death_of_its_process(
        self, client: httpx.Client, installation: Installation
    ) -> None:
        told = ask(client, "csv")
        wait(lambda: 0 < client.get(told["url"]).json()["rows"] < EVENTS)
        for pid in exporters(installation):
            os.kill(pid, signal.SIGKILL)
        wait(lambda: client.get(told["url"]).json()["state"] == "done")
        made = client.get(told["url"]).json()
        body = client.get(made["file"]).content
        assert (made["rows"], made["bytes"]) == (EVENTS, len(body))
        assert sha256(body).hexdigest() == made["sha256"]
        assert body == stream(client, "csv")
        files = list((installation.directory / "data" / "exports").iterdir())
        assert [oct(file.stat().st_mode & 0o777) for file in files] == ["0o600"]
        assert client.delete(made["url"]).status_code == 204
        assert list((installation.directory / "data" / "exports").iterdir()) == []

    def test_stops_when_it_is_cancelled(
        self, client: httpx.Client, installation: Installation
    ) -> None:
        told = ask(client, "csv")
        wait(lambda: client.get(told["url"]).json()["rows"])
        assert client.delete(told["url"]).status_code == 204
        assert client.get(told["url"]).json()["state"] == "cancelled"
        directory = installation.directory / "data" / "exports"
        wait(lambda: not list(directory.iterdir()) and not exporters(installation))
        assert client.get(f"{told['url']}/file").status_code == 409

    def test_leaves_the_counting_alone(self, client: httpx.Client) -> None:
        ready = client.get("/health/ready").json()["checks"]
        assert ready["worker"]["ok"]
        wait(lambda: client.get("/health/ready").json()["checks"]["backlog"]["ok"])

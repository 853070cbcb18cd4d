"""Nothing acknowledged is lost, nothing is doubled: retries, overlap, and sudden deaths."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from .installation import Installation, post

EVENTS = 6_000
BATCH = 100
READY_SECONDS = 15


def all_ids(installation: Installation, read_token: str, source: str) -> list[str]:
    """The sender's ids of all events of a type, page by page."""
    headers = {"Authorization": f"Bearer {read_token}"}
    ids: list[str] = []
    path: str | None = f"{installation.address}/api/v1/events?type={source}&page_size=1000"
    with httpx.Client(timeout=30) as client:
        while path:
            page = client.get(path, headers=headers).json()
            ids += [event["submitted_id"] for event in page["results"]]
            path = page["next"]
    return ids


def batches(kind: str, count: int) -> list[list[dict[str, str]]]:
    at = datetime.now(UTC).isoformat()
    events = [{"id": f"{kind}-{n}", "time": at, "type": kind} for n in range(count)]
    return [events[n : n + BATCH] for n in range(0, count, BATCH)]


def send_until_acknowledged(client: httpx.Client, address: str, key: str, batch: list) -> None:
    """As a sender does it: again and again until the answer says that it is in."""
    give_up = time.monotonic() + 90
    while time.monotonic() < give_up:
        try:
            if post(client, address, key, batch).status_code in (200, 201):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("not acknowledged in 90 s")


class TestOverlap:
    def test_overlapping_shuffled_batches_of_eight_senders_are_recorded_once(
        self, installation: Installation, ingest_key: str, read_token: str
    ) -> None:
        shuffler = random.Random(4)
        at = datetime.now(UTC).isoformat()
        events = [{"id": f"o{n}", "time": at, "type": "OVERLAP"} for n in range(2_000)]
        work = [shuffler.sample(events, 400) for _ in range(40)] * 2
        work += [events[n : n + 500] for n in range(0, 2_000, 500)]

        def send(batch: list) -> int:
            with httpx.Client(timeout=60) as client:
                return post(client, installation.address, ingest_key, batch).status_code

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(send, work))
        assert set(answers) <= {200, 201}
        found = all_ids(installation, read_token, "OVERLAP")
        assert sorted(found) == sorted(event["id"] for event in events)

    def test_twenty_retries_at_once_record_one_event(
        self, installation: Installation, ingest_key: str, read_token: str
    ) -> None:
        event = {"id": "r1", "time": datetime.now(UTC).isoformat(), "type": "RETRIED"}

        def send(_: int) -> int:
            with httpx.Client(timeout=60) as client:
                return post(client, installation.address, ingest_key, event).status_code

        with ThreadPoolExecutor(20) as pool:
            answers = sorted(pool.map(send, range(20)))
        assert answers == [200] * 19 + [201]
        assert all_ids(installation, read_token, "RETRIED") == ["r1"]


class TestSuddenDeath:
    @pytest.mark.parametrize(
        ("victim", "pattern"),
        [
            pytest.param("WEB", r"config\.server", id="web"),
            pytest.param("WORKER", r"manage\.py worker", id="worker"),
            pytest.param("POSTGRES", r"bin/postgres ", id="postgres"),
        ],
    )
    def test_every_acknowledged_event_is_there_once(
        self,
        installation: Installation,
        ingest_key: str,
        read_token: str,
        victim: str,
        pattern: str,
    ) -> None:
        stop = threading.Event()

        def kill() -> None:
            """Again and again, but never what is only just coming back."""
            while not stop.wait(0.7):
                if self.is_ready(installation):
                    for pid in installation.children(pattern)[:1]:
                        os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        kind = f"KILL_{victim}"
        work = batches(kind, EVENTS)

        def send(part: list) -> None:
            with httpx.Client(timeout=20) as client:
                for batch in part:
                    send_until_acknowledged(client, installation.address, ingest_key, batch)

        try:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(send, [work[n::4] for n in range(4)]))
        finally:
            stop.set()
            killer.join()
        began = time.monotonic()
        installation.wait(lambda: self.is_ready(installation), READY_SECONDS)
        assert time.monotonic() - began < READY_SECONDS
        found = all_ids(installation, read_token, kind)
        assert len(found) == len(set(found)) == EVENTS

    def is_ready(self, installation: Installation) -> bool:
        try:
            answer = httpx.get(f"{installation.address}/health/ready", timeout=2)
        except httpx.TransportError:
            return False
        checks = answer.json()["checks"]
        return answer.status_code == 200 and checks["worker"]["ok"]

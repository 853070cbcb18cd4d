"""Sends events as a careful sender does, and keeps what was acknowledged."""

from __future__ import annotations

import itertools
import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.acceptance.installation import Installation, post

BATCH = 5
PAUSE_SECONDS = 0.2
AGAIN_SECONDS = 0.2
ANSWER_SECONDS = 20.0
# So soon the answer is given up where it is to be lost: often after the commit, sometimes before.
LOST_AFTER_SECONDS = (0.002, 0.05)
GIVE_UP_SECONDS = 180.0


class Senders:
    """Threads that send batches again and again until they are acknowledged.

    acknowledged: id and leaf hash of each event, as in its receipt, by the id that it was sent
    with. answers_lost: batches that were in although no answer had come.
    """

    def __init__(self, installation: Installation, key: str, *, count: int) -> None:
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.wrong: list[str] = []
        self.sent_again = 0
        self.answers_lost = 0
        self.losing = threading.Event()
        self._installation, self._key = installation, key
        self._stop, self._go = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._go.set()
        self._idle = [threading.Event() for _ in range(count)]
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(count)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Return when each batch that was begun is acknowledged, and nothing more is sent."""
        self._go.clear()
        for idle in self._idle:
            assert idle.wait(GIVE_UP_SECONDS), "a sender was not acknowledged"

    def go_on(self) -> None:
        for idle in self._idle:
            idle.clear()
        self._go.set()

    def stop(self) -> None:
        self._stop.set()
        self._go.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _run(self, number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(timeout=ANSWER_SECONDS) as client:
            for count in itertools.count():
                if not self._go.is_set():
                    self._idle[number].set()
                    self._go.wait()
                if self._stop.is_set():
                    return
                at = datetime.now(UTC).isoformat()
                ids = [f"f{number}-{count}-{n}" for n in range(BATCH)]
                batch = [{"id": id_, "time": at, "type": "FAULT_TEST"} for id_ in ids]
                self._send(client, batch, chance)
                time.sleep(PAUSE_SECONDS)

    def _send(
        self, client: httpx.Client, batch: list[dict[str, str]], chance: random.Random
    ) -> None:
        """Send a batch until it is acknowledged; a lost answer is told by what comes then."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        was_lost = False
        while time.monotonic() < give_up and not self._stop.is_set():
            is_to_lose = self.losing.is_set() and not was_lost
            client.timeout = httpx.Timeout(
                ANSWER_SECONDS,
                read=chance.uniform(*LOST_AFTER_SECONDS) if is_to_lose else ANSWER_SECONDS,
            )
            try:
                answer = post(client, self._installation.address, self._key, batch)
            except httpx.TransportError:
                was_lost = True
            else:
                if answer.status_code in (200, 201):
                    self._note(batch, answer.json(), was_lost)
                    return
            with self._lock:
                self.sent_again += 1
            if not is_to_lose:
                time.sleep(AGAIN_SECONDS)

    def _note(self, batch: list[dict[str, str]], receipt: dict[str, Any], was_lost: bool) -> None:
        with self._lock:
            self.answers_lost += was_lost and receipt["recorded"] == 0
            for sent, event in zip(batch, receipt["events"], strict=True):
                if event["status"] not in ("recorded", "duplicate"):
                    self.wrong.append(f"{sent['id']}: {event}")
                self.acknowledged[sent["id"]] = (event["id"], event["leaf"])
